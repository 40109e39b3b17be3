package cmek.scan;

import cmek.check.KeyNames;
import cmek.client.anthropic.AdminApi;
import cmek.config.ScanSettings;
import cmek.finding.PermanentException;
import cmek.finding.TransientException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Decides what a scan is going to check. */
@Singleton
public final class StartScan {

    /** For this part of its time a scan is retried until the lists are complete; then it goes on with what there is. */
    private static final int PATIENCE_DIVISOR = 4;

    private final AdminApi anthropic;
    private final KeyNames names;
    private final ScanStore store;
    private final ScanSettings settings;
    private final Clock clock;

    @Inject
    public StartScan(AdminApi anthropic, KeyNames names, ScanStore store, ScanSettings settings, Clock clock) {
        this.anthropic = anthropic;
        this.names = names;
        this.store = store;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Lists all keys and workspaces. What was decided once for a run holds, whatever the lists say later.
     *
     * @param triggeredAt when the message that started it was published
     * @throws TransientException while it is early and a page cannot be read: the message is delivered again
     */
    public ScanPlan startScan(RunId id, Instant triggeredAt) {
        return store.plan(id).orElseGet(() -> store.keep(plan(id, triggeredAt)));
    }

    private ScanPlan plan(RunId id, Instant triggeredAt) {
        Duration deadline = settings.deadline();
        Inventory inventory = inventory(triggeredAt.plus(deadline.dividedBy(PATIENCE_DIVISOR)));
        return new ScanPlan(
                id,
                triggeredAt,
                triggeredAt.plus(deadline),
                inventory.keys(),
                inventory.others(),
                inventory.coverage(),
                inventory.faults());
    }

    private Inventory inventory(Instant patientUntil) {
        Inventory inventory;
        try {
            inventory = Inventory.read(anthropic, names);
        } catch (PermanentException e) {
            // A credential that is not accepted will not be so later; the scan says what it could not check.
            return Inventory.unknown(e.finding());
        }
        inventory
                .interrupted()
                .filter(cause -> clock.instant().isBefore(patientUntil))
                .ifPresent(cause -> {
                    throw cause;
                });
        return inventory;
    }
}
