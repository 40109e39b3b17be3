package cmek.scan;

import cmek.config.ScanSettings;
import cmek.finding.ScanFindings;
import cmek.logging.LogContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Says what a scan came to, once every expected key was checked or it is too late to wait for the rest. */
@Singleton
public final class ReportScan {

    /** The scans that a report looks back on. */
    private static final int HISTORY = 29;

    private final ScanStore evidence;
    private final ReportRendering rendering;
    private final ScanSettings settings;
    private final Clock clock;

    @Inject
    public ReportScan(ScanStore evidence, ReportRendering rendering, ScanSettings settings, Clock clock) {
        this.evidence = evidence;
        this.rendering = rendering;
        this.settings = settings;
        this.clock = clock;
    }

    /** Where a scan stands. */
    public sealed interface Standing {

        /** Not all was seen, and there is time left. */
        record Waiting(int expected, int seen, Instant until) implements Standing {}

        /** All was written. */
        record Reported(ScanReport report) implements Standing {}

        /** There is no such scan. */
        record Unknown() implements Standing {}
    }

    /** Writes the report if it is time to; a report that was written holds. */
    public Standing reportScan(RunId id) {
        Optional<ScanReport> before = evidence.report(id);
        if (before.isPresent()) {
            return written(before.get());
        }
        Optional<ScanPlan> run = evidence.run(id);
        if (run.isEmpty()) {
            return new Standing.Unknown();
        }
        int seen = seen(run.get());
        int expected = run.get().expected().size();
        if (seen < expected && clock.instant().isBefore(run.get().deadline())) {
            return new Standing.Waiting(expected, seen, run.get().deadline());
        }
        return written(evidence.keep(report(run.get())));
    }

    /** Of how many of the expected keys something was found. */
    private int seen(ScanPlan run) {
        ExternalSort<String> expected = new ExternalSort<>(Comparator.naturalOrder());
        run.expected().forEach(key -> expected.add(key.id().value()));
        AtomicInteger seen = new AtomicInteger();
        MergeJoin.join(
                expected.sorted(),
                Function.identity(),
                evidence.seen(run.id()),
                Function.identity(),
                (keys, found) -> seen.addAndGet(found.isEmpty() ? 0 : keys.size()));
        return seen.get();
    }

    private ScanReport report(ScanPlan run) {
        ScanStore.Before before = evidence.nightsBefore(run.id(), HISTORY);
        Looks looks = looks(run);
        return ScanReport.of(
                run, looks.found.build(), looks.missed.build(), before.last(), before.all(), clock.instant());
    }

    private Standing written(ScanReport report) {
        evidence.publish(report.id(), rendering.csv(report), rendering.html(report));
        evidence.keep(report.summary());
        return new Standing.Reported(report);
    }

    private KeyReport missed(ScanPlan run, RegisteredKey key) {
        KeyToScan never = new KeyToScan(run.id(), key, run.deadline(), Optional.empty());
        List<cmek.finding.Finding> findings = new ArrayList<>(key.standing());
        findings.add(ScanFindings.notReached(key.key(), "nobody checked it before " + run.deadline()));
        return KeyReport.of(never, findings, run.deadline());
    }

    /** What became of each expected key, while several threads are reading. */
    private static final class Looks {

        private final Iterator<RegisteredKey> rest;
        private final Packed.Builder<KeyReport> found = new Packed.Builder<>();
        private final Packed.Builder<KeyReport> missed = new Packed.Builder<>();
        private boolean isStopped;

        Looks(Iterator<RegisteredKey> rest) {
            this.rest = rest;
        }

        synchronized Optional<RegisteredKey> next() {
            return !isStopped && rest.hasNext() ? Optional.of(rest.next()) : Optional.empty();
        }

        synchronized void found(KeyReport report) {
            found.add(report);
        }

        synchronized void missed(KeyReport report) {
            missed.add(report);
        }

        synchronized void stop() {
            isStopped = true;
        }
    }

    /** Reads what the inspections left, several at a time. */
    private Looks looks(ScanPlan run) {
        ExecutorService readers = Executors.newFixedThreadPool(settings.concurrency());
        try {
            Looks looks = new Looks(run.expected().iterator());
            Callable<Boolean> reader = () -> {
                try {
                    for (var key = looks.next(); key.isPresent(); key = looks.next()) {
                        Optional<KeyReport> report =
                                evidence.report(run.id(), key.get().id());
                        if (report.isPresent()) {
                            looks.found(report.get());
                        } else {
                            looks.missed(missed(run, key.get()));
                        }
                    }
                    return true;
                } catch (RuntimeException e) {
                    // All will be read again, so the others need not go on.
                    looks.stop();
                    throw e;
                }
            };
            for (Future<Boolean> read :
                    readers.invokeAll(Collections.nCopies(settings.concurrency(), LogContext.wrap(reader)))) {
                read.get();
            }
            return looks;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading the evidence", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            readers.shutdownNow();
        }
    }
}
