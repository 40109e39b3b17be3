package cmek.scan;

import cmek.client.anthropic.AdminApi;
import cmek.config.ScanSettings;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Decides whether a change of a key is a reason to check it. */
@Singleton
public final class RescanChangedKey {

    /** What an onboarding or a repair of ours does to a key that is registered already; we make no other change. */
    private static final Set<String> OUR_WRITES = Set.of("UpdateCryptoKey", "SetIamPolicy", "CreateCryptoKey");

    /** How long a key that cannot be reached after a change is retried. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final AdminApi anthropic;
    private final ScanStore store;
    private final ScanSettings settings;

    @Inject
    public RescanChangedKey(AdminApi anthropic, ScanStore store, ScanSettings settings) {
        this.anthropic = anthropic;
        this.store = store;
        this.settings = settings;
    }

    /**
     * Finds the registrations of the changed key that are to be checked.
     *
     * @return empty when the key is not registered, when the change is our own, or when it was checked since
     * @throws TransientException when Anthropic's list cannot be read to its end
     */
    public List<KeyToScan> rescanChangedKey(AuditLogEntry entry) {
        boolean ours = settings.ownServiceAccounts().contains(entry.change().principal())
                && OUR_WRITES.contains(entry.change().method());
        return ours
                ? List.of()
                : rescan(entry.id(), entry.change(), key -> key.equals(entry.key()), entry.key() + " is registered");
    }

    /**
     * Finds the registrations of all keys that inherit a changed policy. We never write such a policy ourselves.
     *
     * @return empty when none is registered, or all were checked since
     * @throws TransientException when Anthropic's list cannot be read to its end
     */
    public List<KeyToScan> rescanBelow(InheritedPolicyChange change) {
        return rescan(change.id(), change.change(), change::reaches, "a key below it is registered");
    }

    private List<KeyToScan> rescan(String id, KeyChange change, Predicate<CryptoKeyName> changed, String question) {
        Inventory inventory = Inventory.read(anthropic);
        List<RegisteredKey> registered =
                inventory.keys().stream().filter(key -> changed.test(key.key())).toList();
        if (registered.isEmpty() && !inventory.faults().isEmpty()) {
            throw new TransientException(
                    Reason.ANTHROPIC_UNAVAILABLE,
                    "Anthropic's list of registrations is incomplete: cannot tell whether " + question,
                    null);
        }
        RunId run = RunId.ofChange(change.at(), id);
        return registered.stream()
                .filter(key -> !checkedSince(key, change))
                .map(key -> new KeyToScan(run, key, change.at().plus(PATIENCE), Optional.of(change)))
                .toList();
    }

    private boolean checkedSince(RegisteredKey key, KeyChange change) {
        return store.memory(key.id())
                .latest()
                .report()
                .map(KeyReport::inspectedAt)
                .filter(at -> at.isAfter(change.at()))
                .isPresent();
    }
}
