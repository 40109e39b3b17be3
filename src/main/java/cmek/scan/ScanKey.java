package cmek.scan;

import cmek.client.http.Retry;
import cmek.client.http.Sleeper;
import cmek.config.ScanSettings;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.ScanFindings;
import cmek.finding.TransientException;
import cmek.model.RepairMode;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Looks at one key, keeps what it found, and restores what it may where it is told to. */
@Singleton
public final class ScanKey {

    /** All that is ever restored. */
    private static final List<Reason> RESTORABLE = List.of(Reason.LABEL_MISSING, Reason.BINDING_MISSING);

    /** The same thing lost twice within this time is somebody else's doing, who must be talked to. */
    private static final Duration FIGHT = Duration.ofHours(1);

    private static final int SECONDS_FOR_A_TURN = 20;

    private final KeyCheck look;
    private final ScanStore evidence;
    private final Repair repair;
    private final ScanSettings settings;
    private final Clock clock;
    private final RateLimiter pace;
    private final Semaphore turns;

    @Inject
    public ScanKey(KeyCheck look, ScanStore evidence, Repair repair, ScanSettings settings, Clock clock) {
        this(look, evidence, repair, settings, clock, Retry.SLEEPING);
    }

    /** With another way to wait, for tests. */
    ScanKey(KeyCheck look, ScanStore evidence, Repair repair, ScanSettings settings, Clock clock, Sleeper pause) {
        this.look = look;
        this.evidence = evidence;
        this.repair = repair;
        this.settings = settings;
        this.clock = clock;
        this.pace = new RateLimiter(settings.kmsReadsPerMinute(), clock, pause);
        this.turns = new Semaphore(settings.concurrency(), true);
    }

    /**
     * Looks at a key, or returns what this run has found of it before.
     *
     * @return empty when the key was checked after the change already, which is what this look was for
     * @throws TransientException while it may still be reached: the message is delivered again
     */
    public Optional<KeyReport> scanKey(KeyToScan asked) {
        if (asked.run().isScan()) {
            Optional<KeyReport> before =
                    evidence.report(asked.run(), asked.key().id());
            return before.isPresent() ? before : Optional.of(evidence.keep(inTurn(asked)));
        }
        Optional<KeyReport> latest = evidence.memory(asked.key().id()).latest().report();
        if (latest.isPresent() && latest.get().run().equals(asked.run())) {
            return latest;
        }
        Instant changed = asked.change().map(KeyChange::at).orElse(Instant.MAX);
        return latest.filter(report -> report.inspectedAt().isAfter(changed)).isPresent()
                ? Optional.empty()
                : Optional.of(inTurn(asked));
    }

    private KeyReport inTurn(KeyToScan asked) {
        boolean mine = false;
        try {
            mine = turns.tryAcquire(SECONDS_FOR_A_TURN, TimeUnit.SECONDS);
            if (!mine) {
                throw new TransientException(
                        Reason.QUOTA_EXHAUSTED, settings.concurrency() + " keys are being checked already", null);
            }
            pace.before(KeyCheck.KMS_READS);
            return inspect(asked);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransientException(Reason.QUOTA_EXHAUSTED, "interrupted while waiting for a turn", e);
        } finally {
            if (mine) {
                turns.release();
            }
        }
    }

    private KeyReport inspect(KeyToScan asked) {
        RegisteredKey key = asked.key();
        // Before the check: a change after this instant was perhaps not seen by it.
        Instant begun = clock.instant();
        KeyReport found = KeyReport.of(asked, look.look(asked.key(), begun.isBefore(asked.patientUntil())), begun);
        ScanStore.Memory memory = evidence.memory(key.id());
        if (settings.repair() == RepairMode.REPAIR && key.attached() && !found.has(Reason.REVOKED_ON_PURPOSE)) {
            for (Reason lost : RESTORABLE) {
                if (found.has(lost)) {
                    found = repaired(found, lost, memory);
                    memory = evidence.memory(key.id());
                }
            }
        }
        if (memory.latest()
                .report()
                .filter(last -> last.inspectedAt().isAfter(begun))
                .isEmpty()) {
            evidence.remember(
                    key.id(),
                    new LatestReport(Optional.of(found), memory.latest().repairs()),
                    memory);
        }
        return found;
    }

    private KeyReport repaired(KeyReport found, Reason lost, ScanStore.Memory memory) {
        RegisteredKey key = found.key();
        Instant now = clock.instant();
        Optional<LatestReport.Repair> last = memory.latest().repairOf(lost);
        if (last.isPresent()
                && now.isBefore(last.get().at().plus(FIGHT))
                && !last.get().run().equals(found.run())) {
            return found.with(
                    List.of(ScanFindings.repairContested(
                            key.key(), lost, last.get().at())),
                    found.restored());
        }
        // Remembered before it is done: a crash in between must not make the next one believe it is the first.
        List<LatestReport.Repair> repairs = new ArrayList<>(memory.latest().repairs());
        repairs.removeIf(repair -> repair.lost() == lost);
        repairs.add(new LatestReport.Repair(lost, now, found.run()));
        evidence.remember(key.id(), new LatestReport(memory.latest().report(), repairs), memory);
        try {
            repair.restore(key.key(), lost);
        } catch (PermanentException e) {
            return found.has(e.finding().reason()) ? found : found.with(List.of(e.finding()), found.restored());
        }
        List<Reason> restored = new ArrayList<>(found.restored());
        restored.add(lost);
        return found.with(List.of(), restored);
    }
}
