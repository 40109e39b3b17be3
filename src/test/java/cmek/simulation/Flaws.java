package cmek.simulation;

import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.ExternalKey;
import cmek.client.anthropic.Validation;
import cmek.client.anthropic.Workspace;
import cmek.client.kms.CryptoKeyFacts;
import cmek.client.kms.KeyManagement;
import cmek.client.kms.KeyManagements;
import cmek.client.kms.KeyPolicy;
import cmek.client.storage.EvidenceStorage;
import cmek.onboarding.CryptoKeyName;
import cmek.onboarding.WorkspaceId;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Breaks the product in the way that a {@link Flaw} says: in a window it looks or writes through. */
final class Flaws {

    private final Flaw flaw;
    private final Clock clock;

    Flaws(Flaw flaw, Clock clock) {
        this.flaw = flaw;
        this.clock = clock;
    }

    AdminApi in(AdminApi vendor) {
        return switch (flaw) {
            case ATTACHES_WITHOUT_READING ->
                instead(AdminApi.class, vendor, "workspace", arguments -> {
                    WorkspaceId id = (WorkspaceId) arguments[0];
                    return Optional.of(new Workspace(id, "looks free", false, Optional.empty()));
                });
            case CREATES_WITHOUT_LISTING -> instead(AdminApi.class, vendor, "externalKeys", arguments -> List.of());
            case SKIPS_VALIDATION -> instead(AdminApi.class, vendor, "validate", arguments -> new Validation.Success());
            case TAKES_BACK_OTHERS ->
                instead(
                        AdminApi.class,
                        vendor,
                        "externalKeys",
                        arguments -> vendor.externalKeys().stream()
                                .map(found -> new ExternalKey(
                                        found.id(),
                                        "Payments production",
                                        found.provider(),
                                        found.key(),
                                        found.attached(),
                                        clock.instant()))
                                .toList());
            default -> vendor;
        };
    }

    KeyManagement in(KeyManagement kms) {
        return switch (flaw) {
            case WRITES_IAM_WITHOUT_ETAG ->
                instead(KeyManagement.class, kms, "writePolicy", arguments -> {
                    CryptoKeyName key = (CryptoKeyName) arguments[0];
                    return kms.writePolicy(key, KeyManagements.blind((KeyPolicy) arguments[1], kms.policy(key)));
                });
            case REPLACES_LABELS ->
                instead(KeyManagement.class, kms, "replaceLabels", arguments -> {
                    Map<String, String> own = new HashMap<>();
                    String label = Windows.ORGANIZATION.label().key();
                    own.put(label, "true");
                    kms.replaceLabels((CryptoKeyName) arguments[0], own);
                    return null;
                });
            case LABELS_AGAIN ->
                instead(
                        KeyManagement.class,
                        kms,
                        "cryptoKey",
                        arguments -> kms.cryptoKey((CryptoKeyName) arguments[0])
                                .map(found -> new CryptoKeyFacts(
                                        found.name(),
                                        found.purpose(),
                                        found.algorithm(),
                                        found.protectionLevel(),
                                        Map.of(),
                                        found.primary(),
                                        found.rotationPeriod(),
                                        found.destroyScheduledDuration(),
                                        found.nextRotationTime())));
            default -> kms;
        };
    }

    EvidenceStorage in(EvidenceStorage storage) {
        return switch (flaw) {
            case FORGETS_ENDINGS -> forgetting(storage, "onboardings/");
            case WRITES_WITHOUT_RESERVATION -> forgetting(storage, "reservations/");
            default -> storage;
        };
    }

    private static EvidenceStorage forgetting(EvidenceStorage storage, String what) {
        List<String> forgetful = new ArrayList<>(List.of("read", "create", "replace", "overwrite"));
        EvidenceStorage broken = storage;
        for (String method : forgetful) {
            EvidenceStorage whole = broken;
            broken = instead(EvidenceStorage.class, whole, method, arguments -> {
                if (!String.valueOf(arguments[0]).startsWith(what)) {
                    return call(EvidenceStorage.class, whole, method, arguments);
                }
                return method.equals("read") ? Optional.empty() : method.equals("overwrite") ? null : (Object) true;
            });
        }
        return broken;
    }

    private static Object call(Class<?> window, Object target, String name, Object[] arguments) {
        for (var method : window.getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == arguments.length) {
                return invoked(method, target, arguments);
            }
        }
        throw new IllegalArgumentException(name);
    }

    private static Object invoked(java.lang.reflect.Method method, Object target, Object[] arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T instead(Class<T> window, T whole, String name, Function<Object[], Object> broken) {
        return window.cast(Proxy.newProxyInstance(
                window.getClassLoader(),
                new Class<?>[] {window},
                (self, method, arguments) ->
                        method.getName().equals(name) ? broken.apply(arguments) : invoked(method, whole, arguments)));
    }
}
