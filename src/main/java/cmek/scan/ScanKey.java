package cmek.scan;

import cmek.client.http.Retry;
import cmek.client.http.Sleeper;
import cmek.config.ScanSettings;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.ScanFindings;
import cmek.finding.TransientException;
import cmek.model.ExternalKeyId;
import cmek.model.RepairMode;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Checks one key, keeps what was found, and restores what it may where repair is switched on. */
@Singleton
public final class ScanKey {

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
            Optional<KeyReport> before =
                    store.report(asked.run(), asked.key().id()).filter(report -> report.isOf(asked.run(), asked.key()));
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
        // What it shares with other keys may have been read for one of them before that.
        Instant seenAt = look.oldestRead().isBefore(begun) ? look.oldestRead() : begun;
        ScanStore.Memory memory = store.memory(key.id());
        KeyReport found = KeyReport.of(asked, look.findings(), look.checks(), look.labels(), look.destroysAt(), seenAt)
                .since(memory.latest().report(), begun);
        if (memory.latest()
                .report()
                .filter(last -> last.inspectedAt().isAfter(begun))
                .isPresent()) {
            // Another check saw the key later than this one.
            return found;
        }
        LatestReport latest = memory.latest().checked(found, look.seen());
        store.remember(key.id(), latest, memory);
        return mayRepair(asked, look) ? repaired(found) : found;
    }

    /**
     * Only a scan repairs: somebody who takes access away in an emergency must not find it back as soon as that is heard. Nor
     * is anything given back where a person may have switched the key off, or where nobody lets this service change it.
     */
    private boolean mayRepair(KeyToScan asked, KeyCheck.Look look) {
        return settings.repair() == RepairMode.REPAIR
                && asked.run().isScan()
                && asked.key().attached()
                && look.repairable()
                && look.findings().stream().anyMatch(finding -> LatestReport.Repair.POSSIBLE.contains(finding.reason()))
                && repair.mayRestore(asked.key());
    }

    private KeyReport repaired(KeyReport seen) {
        KeyReport found = seen;
        for (Reason lost : LatestReport.Repair.POSSIBLE) {
            if (found.has(lost)) {
                found = repaired(found, lost);
            }
        }
        if (!found.equals(seen)) {
            ExternalKeyId id = seen.key().id();
            ScanStore.Memory memory = store.memory(id);
            store.remember(id, memory.latest().reported(found), memory);
        }
        return found;
    }

    private KeyReport repaired(KeyReport found, Reason lost) {
        ExternalKeyId id = found.key().id();
        Instant now = clock.instant();
        ScanStore.Memory memory = store.memory(id);
        LatestReport latest = memory.latest();
        if (latest.contestedAt().isPresent() && !store.isContested(id)) {
            latest = latest.settled();
        }
        Optional<LatestReport.Repair> last = latest.repairOf(lost);
        if (latest.contestedAt().isPresent()
                || last.filter(repair -> !repair.run().equals(found.run())).isPresent()) {
            return contested(found, lost, latest, memory);
        }
        if (!latest.isLostSince(lost, now.minus(settings.repairAfter()))) {
            return found;
        }
        // Remembered before it is done: after a crash in between, the next repair must not pass for the first.
        latest = latest.repairing(lost, now, found.run());
        store.remember(id, latest, memory);
        try {
            repair.restore(found.key().key(), lost);
        } catch (PermanentException e) {
            memory = store.memory(id);
            store.remember(id, memory.latest().notRepaired(lost), memory);
            return found.has(e.finding().reason()) ? found : found.with(List.of(e.finding()), found.restored());
        }
        List<Reason> restored = new ArrayList<>(found.restored());
        restored.add(lost);
        return found.with(List.of(), restored);
    }

    /** Whoever takes away what was restored means it, and the key is skipped until a person says otherwise. */
    private KeyReport contested(KeyReport found, Reason lost, LatestReport latest, ScanStore.Memory memory) {
        ExternalKeyId id = found.key().id();
        Instant at = latest.contestedAt().orElseGet(clock::instant);
        if (latest.contestedAt().isEmpty()) {
            store.contest(id, lost, at);
            store.remember(id, latest.contested(at), memory);
        }
        return found.has(Reason.REPAIR_CONTESTED)
                ? found
                : found.with(
                        List.of(ScanFindings.repairContested(found.key().key(), lost, at, store.contestOf(id))),
                        found.restored());
    }
}
