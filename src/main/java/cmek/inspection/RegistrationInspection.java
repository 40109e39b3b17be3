package cmek.inspection;

import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.ExternalKey;
import cmek.onboarding.CryptoKeyName;
import cmek.onboarding.ExternalKeyId;
import cmek.onboarding.Finding;
import cmek.onboarding.Findings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Looks which registrations of a key the vendor has. */
@Singleton
public final class RegistrationInspection {

    private static final Comparator<ExternalKey> ATTACHED_THEN_OLDEST = Comparator.comparing(
                    (ExternalKey registration) -> !registration.attached())
            .thenComparing(ExternalKey::createdAt)
            .thenComparing(registration -> registration.id().value());

    private final AdminApi vendor;

    @Inject
    public RegistrationInspection(AdminApi vendor) {
        this.vendor = vendor;
    }

    /**
     * A key's registrations.
     *
     * @param kept the one to use: attached if any is, else the oldest
     * @param warning of more than one
     */
    public record Registrations(Optional<ExternalKeyId> kept, Optional<Finding> warning) {}

    /** Reads them all, every page. */
    public Registrations inspect(CryptoKeyName key) {
        List<ExternalKeyId> ids = vendor.externalKeys().stream()
                .filter(registration -> registration.key().equals(Optional.of(key)))
                .sorted(ATTACHED_THEN_OLDEST)
                .map(ExternalKey::id)
                .toList();
        return new Registrations(
                ids.stream().findFirst(),
                ids.size() > 1
                        ? Optional.of(Findings.duplicateRegistration(key, ids.get(0), ids.subList(1, ids.size())))
                        : Optional.empty());
    }
}
