package cmek.scan;

import cmek.client.anthropic.AdminApi;
import cmek.config.ScanSettings;
import cmek.finding.PermanentException;
import cmek.finding.TransientException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Decides what a scan is going to look at. */
@Singleton
public final class StartScan {

    /** This part of a scan is spent on having whole lists; after it the scan goes on with what there is. */
    private static final int PATIENCE_DIVISOR = 4;

    private final AdminApi anthropic;
    private final ScanStore evidence;
    private final ScanSettings settings;
    private final Clock clock;

    @Inject
    public StartScan(AdminApi anthropic, ScanStore evidence, ScanSettings settings, Clock clock) {
        this.anthropic = anthropic;
        this.evidence = evidence;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Lists all keys and workspaces. What was decided once for a run holds, whatever the lists say later.
     *
     * @param triggeredAt when the message that started it was published
     * @throws TransientException while it is early and a page cannot be had: the message is delivered again
     */
    public ScanPlan startScan(RunId id, Instant triggeredAt) {
        return evidence.run(id).orElseGet(() -> evidence.keep(plan(id, triggeredAt)));
    }

    private ScanPlan plan(RunId id, Instant triggeredAt) {
        Duration deadline = settings.deadline();
        Inventory estate = estate(triggeredAt.plus(deadline.dividedBy(PATIENCE_DIVISOR)));
        return new ScanPlan(
                id,
                triggeredAt,
                triggeredAt.plus(deadline),
                estate.keys(),
                estate.others(),
                estate.coverage(),
                estate.faults());
    }

    private Inventory estate(Instant patientUntil) {
        Inventory estate;
        try {
            estate = Inventory.read(anthropic);
        } catch (PermanentException e) {
            // A credential that is not accepted will not be so later; the scan says what it could not see.
            return Inventory.unknown(e.finding());
        }
        estate.interrupted()
                .filter(cause -> clock.instant().isBefore(patientUntil))
                .ifPresent(cause -> {
                    throw cause;
                });
        return estate;
    }
}
