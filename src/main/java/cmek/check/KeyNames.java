package cmek.check;

import cmek.client.anthropic.ExternalKey;
import cmek.client.project.Lookup;
import cmek.client.project.ResourceManagerClient;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.TypedKeyName;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Which key a registration is for. A registration made by hand may name the project by its number; that is the same key,
 * and only Resource Manager knows the project's id.
 */
@Singleton
public final class KeyNames {

    private final ResourceManagerClient resources;

    /** A project's number never becomes that of another. */
    private final Map<String, String> projectIds = new ConcurrentHashMap<>();

    @Inject
    public KeyNames(ResourceManagerClient resources) {
        this.resources = resources;
    }

    /** Whether only the project's number stands between a registration's name and this key's. */
    public static boolean mayBe(CryptoKeyName key, ExternalKey registration) {
        return registration.key().isEmpty()
                && typed(registration)
                        .filter(name -> name.projectNumber().isPresent() && name.isNamedLike(key))
                        .isPresent();
    }

    /**
     * The key of a registration, or why it is not known.
     *
     * @throws TransientException when Resource Manager does not answer now
     */
    public Lookup<CryptoKeyName> keyOf(ExternalKey registration) {
        return resolved(registration, this::projectId);
    }

    /** For a whole list, in which many may name the same project: each is asked for once, and an answer that fails too. */
    public Batch batch() {
        return new Batch();
    }

    /** Resolves the registrations of one list. */
    public final class Batch {

        private final Map<String, Lookup<String>> asked = new HashMap<>();

        private Batch() {}

        /** The key of a registration, or why it is not known, be it only for now. */
        public Lookup<CryptoKeyName> keyOf(ExternalKey registration) {
            return resolved(registration, number -> asked.computeIfAbsent(number, this::answer));
        }

        private Lookup<String> answer(String number) {
            try {
                return projectId(number);
            } catch (TransientException e) {
                return new Lookup.Unknown<>(e.reason() + ", " + e.getMessage());
            }
        }
    }

    private static Optional<TypedKeyName> typed(ExternalKey registration) {
        return registration.provider().equals(ExternalKey.GOOGLE)
                ? TypedKeyName.read(registration.keyName())
                : Optional.empty();
    }

    private static Lookup<CryptoKeyName> resolved(
            ExternalKey registration, Function<String, Lookup<String>> projectId) {
        if (registration.key().isPresent()) {
            return new Lookup.Known<>(registration.key().get());
        }
        Optional<TypedKeyName> typed = typed(registration);
        Optional<String> number = typed.flatMap(TypedKeyName::projectNumber);
        if (typed.isEmpty() || number.isEmpty()) {
            return new Lookup.Unknown<>("it is not the full resource name of a crypto key");
        }
        if (projectId.apply(number.get()) instanceof Lookup.Known<String> id) {
            return typed.get()
                    .in(id.value())
                    .<Lookup<CryptoKeyName>>map(Lookup.Known::new)
                    .orElseGet(() -> new Lookup.Unknown<>("it is not the full resource name of a crypto key"));
        }
        return new Lookup.Unknown<>("the id of project " + number.get() + " could not be read");
    }

    private Lookup<String> projectId(String number) {
        String known = projectIds.get(number);
        if (known != null) {
            return new Lookup.Known<>(known);
        }
        Lookup<String> read = resources.projectId(number);
        if (read instanceof Lookup.Known<String> id) {
            projectIds.put(number, id.value());
        }
        return read;
    }
}
