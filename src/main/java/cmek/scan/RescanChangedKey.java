package cmek.scan;

import cmek.config.ScanSettings;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decides whether a change of a key, or of the key ring or project that it is in, is a reason to check it. */
@Singleton
public final class RescanChangedKey {

    /** What an onboarding or a repair of ours does to a key that is registered already; we make no other change. */
    private static final Set<String> OUR_WRITES = Set.of("UpdateCryptoKey", "SetIamPolicy", "CreateCryptoKey");

    /** How long a key that cannot be reached after a change is retried. */
    static final Duration PATIENCE = Duration.ofMinutes(15);

    private final SharedInventory shared;
    private final ScanStore store;
    private final ScanSettings settings;

    @Inject
    public RescanChangedKey(SharedInventory shared, ScanStore store, ScanSettings settings) {
        this.shared = shared;
        this.store = store;
        this.settings = settings;
    }

    /**
     * Finds the registrations of the changed keys that are to be checked.
     *
     * @return empty when no such key is registered, when the change is our own, or when they were checked since
     * @throws TransientException when Anthropic's list cannot be read to its end, or not again yet
     */
    public List<KeyToScan> rescanChangedKey(AuditLogEntry entry) {
        // Our own accounts have no business with the policy of a ring or a project, and somebody who acts as one of
        // them is
        // not us.
        boolean ours = entry.isOfOneKey()
                && !entry.impersonated()
                && settings.ownServiceAccounts().contains(entry.change().principal())
                && OUR_WRITES.contains(entry.change().method());
        if (ours) {
            return List.of();
        }
        Inventory inventory = shared.after(
                entry.change().at(),
                read -> entry.isOfOneKey() && !concerned(entry, read).isEmpty());
        List<RegisteredKey> registered = concerned(entry, inventory);
        // What a page that is missing may have on it; a registration that cannot be read is told by the scan.
        if (inventory.interrupted().isPresent() && (registered.isEmpty() || !entry.isOfOneKey())) {
            throw new TransientException(
                    Reason.ANTHROPIC_UNAVAILABLE,
                    "Anthropic's list of registrations is incomplete: cannot tell "
                            + (entry.isOfOneKey()
                                    ? "whether " + entry.resource() + " is registered"
                                    : "which keys of " + entry.resource() + " are registered"),
                    null);
        }
        RunId run = RunId.ofChange(entry.change().at(), entry.id());
        return registered.stream()
                .filter(key -> !checkedSince(key, entry))
                .map(key -> new KeyToScan(run, key, entry.change().at().plus(PATIENCE), Optional.of(entry.change())))
                .toList();
    }

    private static List<RegisteredKey> concerned(AuditLogEntry entry, Inventory inventory) {
        return inventory.keys().stream()
                .filter(key -> entry.concerns(key.key()))
                .toList();
    }

    private boolean checkedSince(RegisteredKey key, AuditLogEntry entry) {
        return store.memory(key.id())
                .latest()
                .report()
                .map(KeyReport::inspectedAt)
                .filter(at -> at.isAfter(entry.change().at()))
                .isPresent();
    }
}
