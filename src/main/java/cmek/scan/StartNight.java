package cmek.scan;

import cmek.client.anthropic.AdminApi;
import cmek.config.NightSettings;
import cmek.finding.RefusedException;
import cmek.finding.UnavailableException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Decides what a night is going to look at. */
@Singleton
public final class StartNight {

    /** This part of a night is spent on having whole lists; after it the night goes on with what there is. */
    private static final int PATIENCE_DIVISOR = 4;

    private final AdminApi vendor;
    private final Evidence evidence;
    private final NightSettings settings;
    private final Clock clock;

    @Inject
    public StartNight(AdminApi vendor, Evidence evidence, NightSettings settings, Clock clock) {
        this.vendor = vendor;
        this.evidence = evidence;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Lists all keys and workspaces. What was decided once for a run holds, whatever the lists say later.
     *
     * @param triggeredAt when the message that started it was published
     * @throws UnavailableException while it is early and a page cannot be had: the message is delivered again
     */
    public NightRun startNight(RunId id, Instant triggeredAt) {
        return evidence.run(id).orElseGet(() -> evidence.keep(plan(id, triggeredAt)));
    }

    private NightRun plan(RunId id, Instant triggeredAt) {
        Duration deadline = settings.deadline();
        Estate estate = estate(triggeredAt.plus(deadline.dividedBy(PATIENCE_DIVISOR)));
        return new NightRun(
                id,
                triggeredAt,
                triggeredAt.plus(deadline),
                estate.keys(),
                estate.others(),
                estate.coverage(),
                estate.faults());
    }

    private Estate estate(Instant patientUntil) {
        Estate estate;
        try {
            estate = Estate.read(vendor);
        } catch (RefusedException e) {
            // A credential that is not accepted will not be so later; the night says what it could not see.
            return Estate.unknown(e.finding());
        }
        estate.interrupted()
                .filter(cause -> clock.instant().isBefore(patientUntil))
                .ifPresent(cause -> {
                    throw cause;
                });
        return estate;
    }
}
