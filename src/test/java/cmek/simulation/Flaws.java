package cmek.simulation;

import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.ExternalKey;
import cmek.client.anthropic.Listing;
import cmek.client.anthropic.Validation;
import cmek.client.anthropic.Workspace;
import cmek.client.kms.CryptoKeyInfo;
import cmek.client.kms.KeyManagement;
import cmek.client.kms.KeyManagements;
import cmek.client.kms.KeyPolicy;
import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.EvidenceStorage.MediaKind;
import cmek.client.storage.EvidenceStorage.Writing;
import cmek.client.storage.StoredObject;
import cmek.fake.Sample;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.Json;
import cmek.model.WorkspaceId;
import cmek.simulator.AdminSimulator;
import cmek.simulator.Call;
import cmek.simulator.Simulator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Breaks the product in the way that a {@link Flaw} says: in a client it looks or writes through. */
final class Flaws {

    private final Flaw flaw;
    private final Simulator anthropicWire;
    private final BiConsumer<String, String> bucket;

    /**
     * What breaks a product.
     *
     * @param anthropicWire for calls that the product cannot make
     * @param bucket writes an object whatever was there, which no function may
     */
    Flaws(Flaw flaw, Simulator anthropicWire, BiConsumer<String, String> bucket) {
        this.flaw = flaw;
        this.anthropicWire = anthropicWire;
        this.bucket = bucket;
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
            case SCANS_ANOTHER_KEY -> takingForAnother(anthropic, CryptoKeyName.parse(Simulation.KEY_3));
            case DELETES_REGISTRATIONS ->
                instead(AdminApi.class, anthropic, "externalKeys", arguments -> {
                    List<ExternalKey> listed = anthropic.externalKeys();
                    listed.stream()
                            .filter(found -> found.key().isPresent() && !found.attached())
                            .skip(1)
                            .findFirst()
                            .ifPresent(found -> delete(found.id()));
                    return listed;
                });
            default -> anthropic;
        };
    }

    private void delete(ExternalKeyId id) {
        var unused = anthropicWire.answer(Call.of(
                "DELETE",
                URI.create("http://anthropic.invalid/v1/organizations/external_keys/" + id),
                Map.of("x-api-key", AdminSimulator.TEST_ADMIN_KEY, "anthropic-version", "2023-06-01"),
                new byte[0]));
    }

    Clock in(Clock clock) {
        // A process that takes the time of its beginning for now does not know that it stood still.
        return flaw == Flaw.NEVER_LOSES_A_LOCK ? Clock.fixed(clock.instant(), clock.getZone()) : clock;
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
            case TAKES_LATE_APPROVALS ->
                instead(EvidenceStorage.class, storage, "read", arguments -> {
                    Object found = read(storage, arguments);
                    return String.valueOf(arguments[0]).endsWith("/asked.json") ? asIfAskedLater(found) : found;
                });
            case FORGETS_USED_APPROVALS ->
                instead(EvidenceStorage.class, storage, "create", arguments -> {
                    String name = String.valueOf(arguments[0]);
                    MediaKind kind = (MediaKind) arguments[1];
                    if (name.endsWith("/used.txt")) {
                        bucket.accept(name, String.valueOf(arguments[2]));
                        return true;
                    }
                    return arguments[2] instanceof Writing writing
                            ? storage.create(name, kind, writing)
                            : storage.create(name, kind, String.valueOf(arguments[2]));
                });
            default -> storage;
        };
    }

    private static AdminApi takingForAnother(AdminApi anthropic, CryptoKeyName another) {
        AdminApi one = instead(
                AdminApi.class,
                anthropic,
                "externalKey",
                arguments -> anthropic.externalKey((ExternalKeyId) arguments[0]).map(found -> found.of(another)));
        return instead(AdminApi.class, one, "registrations", arguments -> {
            Listing<ExternalKey> listed = anthropic.registrations();
            return new Listing<>(
                    listed.items().stream().map(found -> found.of(another)).toList(),
                    listed.unreadable(),
                    listed.interrupted());
        });
    }

    private static Object read(EvidenceStorage storage, Object[] arguments) {
        String name = String.valueOf(arguments[0]);
        if (arguments.length == 1) {
            return storage.read(name);
        }
        try {
            return storage.read(name, (EvidenceStorage.Reading<?>) arguments[1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object asIfAskedLater(Object found) {
        return ((Optional<?>) found).map(object -> {
            StoredObject stored = (StoredObject) object;
            try {
                ObjectNode asked = (ObjectNode) Json.MAPPER.readTree(stored.text());
                return new StoredObject(
                        asked.put("at", "2036-01-01T00:00:00.000Z").toString(), stored.generation());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
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
