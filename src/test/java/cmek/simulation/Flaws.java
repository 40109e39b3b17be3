package cmek.simulation;

import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.ExternalKey;
import cmek.client.anthropic.Validation;
import cmek.client.anthropic.Workspace;
import cmek.client.kms.CryptoKeyInfo;
import cmek.client.kms.KeyManagement;
import cmek.client.kms.KeyManagements;
import cmek.client.kms.KeyPolicy;
import cmek.client.storage.EvidenceStorage;
import cmek.fake.Sample;
import cmek.model.CryptoKeyName;
import cmek.model.WorkspaceId;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Breaks the product in the way that a {@link Flaw} says: in a client it looks or writes through. */
final class Flaws {

    private final Flaw flaw;
    private final Clock clock;

    Flaws(Flaw flaw, Clock clock) {
        this.flaw = flaw;
        this.clock = clock;
    }

    AdminApi in(AdminApi anthropic) {
        return switch (flaw) {
            case ATTACHES_WITHOUT_READING ->
                instead(AdminApi.class, anthropic, "workspace", arguments -> {
                    WorkspaceId id = (WorkspaceId) arguments[0];
                    return Optional.of(new Workspace(id, "looks free", false, Optional.empty(), List.of()));
                });
            case CREATES_WITHOUT_LISTING -> instead(AdminApi.class, anthropic, "externalKeys", arguments -> List.of());
            case SKIPS_VALIDATION ->
                instead(AdminApi.class, anthropic, "validate", arguments -> new Validation.Success());
            case TAKES_BACK_OTHERS ->
                instead(
                        AdminApi.class,
                        anthropic,
                        "externalKeys",
                        arguments -> anthropic.externalKeys().stream()
                                .map(found -> new ExternalKey(
                                        found.id(),
                                        "Payments production",
                                        found.provider(),
                                        found.key(),
                                        found.attached(),
                                        clock.instant()))
                                .toList());
            default -> anthropic;
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
                    kms.replaceLabels((CryptoKeyName) arguments[0], Sample.LABELS);
                    return null;
                });
            case LABELS_AGAIN ->
                instead(
                        KeyManagement.class,
                        kms,
                        "cryptoKey",
                        arguments -> kms.cryptoKey((CryptoKeyName) arguments[0])
                                .map(found -> new CryptoKeyInfo(
                                        found.name(),
                                        found.purpose(),
                                        found.algorithm(),
                                        found.protectionLevel(),
                                        Map.of(),
                                        found.primary(),
                                        found.rotationPeriod(),
                                        found.destroyScheduledDuration(),
                                        found.nextRotationTime(),
                                        found.importOnly(),
                                        found.allowedAccessReasons())));
            default -> kms;
        };
    }

    EvidenceStorage in(EvidenceStorage storage) {
        return switch (flaw) {
            case FORGETS_TERMINAL_RESULTS -> forgetting(storage, "onboardings/");
            case WRITES_WITHOUT_RESERVATION -> forgetting(storage, "reservations/");
            default -> storage;
        };
    }

    /** Says of everything below a folder that it is written, and remembers nothing of it. */
    private static EvidenceStorage forgetting(EvidenceStorage storage, String folder) {
        return window(EvidenceStorage.class, (self, method, arguments) -> {
            boolean forgotten =
                    arguments != null && String.valueOf(arguments[0]).startsWith(folder);
            if (!forgotten) {
                return invoked(method, storage, arguments);
            }
            return switch (method.getName()) {
                case "read" -> Optional.empty();
                case "list" -> List.of();
                default -> true;
            };
        });
    }

    private static Object invoked(Method method, Object target, Object[] arguments) {
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
        return window(
                window,
                (self, method, arguments) ->
                        method.getName().equals(name) ? broken.apply(arguments) : invoked(method, whole, arguments));
    }

    private static <T> T window(Class<T> type, InvocationHandler behaviour) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, behaviour));
    }
}
