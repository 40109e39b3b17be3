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

/** Checks one key, keeps what was found, and restores what it may where repair is switched on. */
@Singleton
public final class ScanKey {

    /** All that is ever restored. */
    private static final List<Reason> RESTORABLE = List.of(Reason.LABEL_MISSING, Reason.BINDING_MISSING);

    /** What is lost twice within this time is reverted by another process; a person must find out which. */
    private static final Duration CONTESTED_WITHIN = Duration.ofHours(1);

    private static final int SECONDS_TO_WAIT = 20;

    private final KeyCheck keyCheck;
    private final ScanStore store;
    private final Repair repair;
    private final ScanSettings settings;
    private final Clock clock;
    private final RateLimiter rateLimiter;
    private final Semaphore slots;

    @Inject
    public ScanKey(KeyCheck keyCheck, ScanStore store, Repair repair, ScanSettings settings, Clock clock) {
        this(keyCheck, store, repair, settings, clock, Retry.SLEEPING);
    }

    /** With another way to wait, for tests. */
    ScanKey(KeyCheck keyCheck, ScanStore store, Repair repair, ScanSettings settings, Clock clock, Sleeper sleeper) {
        this.keyCheck = keyCheck;
        this.store = store;
        this.repair = repair;
        this.settings = settings;
        this.clock = clock;
        this.rateLimiter = new RateLimiter(settings.kmsReadsPerMinute(), clock, sleeper);
        this.slots = new Semaphore(settings.concurrency(), true);
    }

    /**
     * Checks a key, or returns what this run has found of it before.
     *
     * @return empty when the key was already checked after the change
     * @throws TransientException while it may still be reached: the message is delivered again
     */
    public Optional<KeyReport> scanKey(KeyToScan asked) {
        if (asked.run().isScan()) {
            Optional<KeyReport> before = store.report(asked.run(), asked.key().id());
            return before.isPresent() ? before : Optional.of(store.keep(whenFree(asked)));
        }
        Optional<KeyReport> latest = store.memory(asked.key().id()).latest().report();
        if (latest.isPresent() && latest.get().run().equals(asked.run())) {
            return latest;
        }
        Instant changed = asked.change().map(KeyChange::at).orElse(Instant.MAX);
        return latest.filter(report -> report.inspectedAt().isAfter(changed)).isPresent()
                ? Optional.empty()
                : Optional.of(whenFree(asked));
    }

    private KeyReport whenFree(KeyToScan asked) {
        boolean acquired = false;
        try {
            acquired = slots.tryAcquire(SECONDS_TO_WAIT, TimeUnit.SECONDS);
            if (!acquired) {
                throw new TransientException(
                        Reason.BUSY,
                        "local limit of " + settings.concurrency() + " concurrent key checks reached",
                        null);
            }
            rateLimiter.before(keyCheck.kmsReads(asked.key().key(), since(asked)));
            return inspect(asked);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransientException(Reason.BUSY, "interrupted while waiting for another key check", e);
        } finally {
            if (acquired) {
                slots.release();
            }
        }
    }

    /** What other keys' checks read of the ring and the project before the change does not have the change. */
    private static Instant since(KeyToScan asked) {
        return asked.change().map(KeyChange::at).orElse(Instant.MIN);
    }

    private KeyReport inspect(KeyToScan asked) {
        RegisteredKey key = asked.key();
        // Taken before the check: a change after this instant may not have been seen by it.
        Instant begun = clock.instant();
        KeyCheck.Look look = keyCheck.check(
                key, store.memory(key.id()).latest().seenBefore(), begun.isBefore(asked.patientUntil()), since(asked));
        KeyReport found = KeyReport.of(asked, look.findings(), begun);
        ScanStore.Memory memory = store.memory(key.id());
        if (settings.repair() == RepairMode.REPAIR && key.attached() && !found.has(Reason.REVOKED_ON_PURPOSE)) {
            for (Reason lost : RESTORABLE) {
                if (found.has(lost)) {
                    found = repaired(found, lost, memory);
                    memory = store.memory(key.id());
                }
            }
        }
        if (memory.latest()
                .report()
                .filter(last -> last.inspectedAt().isAfter(begun))
                .isEmpty()) {
            store.remember(
                    key.id(),
                    new LatestReport(Optional.of(found), memory.latest().repairs(), look.seen()),
                    memory);
        }
        return found;
    }

    private KeyReport repaired(KeyReport found, Reason lost, ScanStore.Memory memory) {
        RegisteredKey key = found.key();
        Instant now = clock.instant();
        Optional<LatestReport.Repair> last = memory.latest().repairOf(lost);
        if (last.isPresent()
                && now.isBefore(last.get().at().plus(CONTESTED_WITHIN))
                && !last.get().run().equals(found.run())) {
            return found.with(
                    List.of(ScanFindings.repairContested(
                            key.key(), lost, last.get().at())),
                    found.restored());
        }
        // Remembered before it is done: after a crash in between, the next repair must not pass for the first.
        List<LatestReport.Repair> repairs = new ArrayList<>(memory.latest().repairs());
        repairs.removeIf(repair -> repair.lost() == lost);
        repairs.add(new LatestReport.Repair(lost, now, found.run()));
        store.remember(
                key.id(),
                new LatestReport(
                        memory.latest().report(), repairs, memory.latest().seen()),
                memory);
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
