package cmek.scan;

import cmek.client.anthropic.AdminApi;
import cmek.config.ScanSettings;
import cmek.finding.TransientException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decides whether a change of a key is a reason to look at it. */
@Singleton
public final class RescanChangedKey {

    /** What an onboarding or a repair of ours does to a key that is registered already; all else is never our doing. */
    private static final Set<String> OUR_WRITES = Set.of("UpdateCryptoKey", "SetIamPolicy", "CreateCryptoKey");

    /** How long a key that cannot be reached after a change will be retried. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final AdminApi anthropic;
    private final ScanStore evidence;
    private final ScanSettings settings;

    @Inject
    public RescanChangedKey(AdminApi anthropic, ScanStore evidence, ScanSettings settings) {
        this.anthropic = anthropic;
        this.evidence = evidence;
        this.settings = settings;
    }

    /**
     * Finds the registrations of the changed key that are worth a check.
     *
     * @return empty when the key is none of ours, when the change is our own, or when it was checked since
     * @throws TransientException when Anthropic cannot say what is registered
     */
    public List<KeyToScan> rescanChangedKey(AuditLogEntry entry) {
        boolean ours = settings.ownServiceAccounts().contains(entry.change().principal())
                && OUR_WRITES.contains(entry.change().method());
        if (ours) {
            return List.of();
        }
        Inventory estate = Inventory.read(anthropic);
        List<RegisteredKey> registered = estate.keys().stream()
                .filter(key -> key.key().equals(entry.key()))
                .toList();
        if (registered.isEmpty() && !estate.faults().isEmpty()) {
            throw new TransientException(
                    cmek.finding.Reason.ANTHROPIC_UNAVAILABLE,
                    "whether " + entry.key() + " is registered cannot be known now",
                    null);
        }
        RunId run = RunId.ofChange(entry.change().at(), entry.id());
        return registered.stream()
                .filter(key -> !seenSince(key, entry))
                .map(key -> new KeyToScan(run, key, entry.change().at().plus(PATIENCE), Optional.of(entry.change())))
                .toList();
    }

    private boolean seenSince(RegisteredKey key, AuditLogEntry entry) {
        return evidence.memory(key.id())
                .latest()
                .report()
                .map(KeyReport::inspectedAt)
                .filter(at -> at.isAfter(entry.change().at()))
                .isPresent();
    }
}
