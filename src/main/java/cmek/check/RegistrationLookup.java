package cmek.check;

import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.ExternalKey;
import cmek.finding.AnthropicFindings;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.RequestFindings;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Looks which registrations of a key Anthropic has. */
@Singleton
public final class RegistrationLookup {

    private static final Comparator<ExternalKey> ATTACHED_THEN_OLDEST = Comparator.comparing(
                    (ExternalKey registration) -> !registration.attached())
            .thenComparing(ExternalKey::createdAt)
            .thenComparing(registration -> registration.id().value());

    private final AdminApi anthropic;

    @Inject
    public RegistrationLookup(AdminApi anthropic) {
        this.anthropic = anthropic;
    }

    /**
     * A key's registrations.
     *
     * @param all attached ones first, then the oldest
     */
    public record Registrations(CryptoKeyName key, List<ExternalKey> all) {

        public Registrations {
            all = List.copyOf(all);
        }

        /** The one to use: attached if any is, else the oldest. */
        public Optional<ExternalKey> kept() {
            return all.stream().findFirst();
        }

        /** Those that are not used. */
        public List<ExternalKey> others() {
            return all.stream().skip(1).toList();
        }

        private List<ExternalKeyId> idsOfOthers(Predicate<ExternalKey> which) {
            return others().stream().filter(which).map(ExternalKey::id).toList();
        }

        /** Of more than one. */
        public Optional<Finding> warning() {
            return kept().filter(used -> all.size() > 1)
                    .map(used -> AnthropicFindings.duplicateRegistration(
                            key,
                            used.id(),
                            idsOfOthers(ExternalKey::attached),
                            idsOfOthers(Predicate.not(ExternalKey::attached))));
        }
    }

    /** Reads them all, every page. */
    public Registrations inspect(CryptoKeyName key) {
        return new Registrations(
                key,
                anthropic.externalKeys().stream()
                        .filter(registration -> registration.key().equals(Optional.of(key)))
                        .sorted(ATTACHED_THEN_OLDEST)
                        .toList());
    }

    /**
     * The registration that a later step may use. What its event says is only a hint: Anthropic says which registrations
     * the key has, and a hint that names another key's registration did not come from us.
     *
     * @throws PermanentException when the event names a registration of another key
     * @throws TransientException when Anthropic does not show the registration yet, or no longer
     */
    public ExternalKeyId registration(CryptoKeyName key, ExternalKeyId hint) {
        return inspect(key).kept().map(ExternalKey::id).orElseGet(() -> {
            // Anthropic's lists may lag behind what it knows by name.
            ExternalKey named = anthropic
                    .externalKey(hint)
                    .orElseThrow(() -> new TransientException(
                            Reason.ANTHROPIC_UNAVAILABLE, "Anthropic shows no registration of " + key, null));
            if (!named.key().equals(Optional.of(key))) {
                throw new PermanentException(RequestFindings.unreadable("it names a registration of another key"));
            }
            return hint;
        });
    }
}
