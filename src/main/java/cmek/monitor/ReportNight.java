package cmek.monitor;

import cmek.evidence.KeyReport;
import cmek.evidence.KeyToInspect;
import cmek.evidence.NightReport;
import cmek.evidence.NightRun;
import cmek.evidence.RegisteredKey;
import cmek.evidence.RunId;
import cmek.onboarding.NightFindings;
import cmek.onboarding.NightSettings;
import cmek.report.CsvReport;
import cmek.report.HtmlReport;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Says what a night came to, once every expected key was looked at or it is too late to wait for the rest. */
@Singleton
public final class ReportNight {

    /** The nights that a report looks back on. */
    private static final int HISTORY = 29;

    private final Evidence evidence;
    private final NightSettings settings;
    private final Clock clock;

    @Inject
    public ReportNight(Evidence evidence, NightSettings settings, Clock clock) {
        this.evidence = evidence;
        this.settings = settings;
        this.clock = clock;
    }

    /** Where a night stands. */
    public sealed interface Standing {

        /** Not all was seen, and there is time left. */
        record Waiting(int expected, int seen, Instant until) implements Standing {}

        /** All was written. */
        record Reported(NightReport report) implements Standing {}

        /** There is no such night. */
        record Unknown() implements Standing {}
    }

    /** Writes the report if it is time to; a report that was written holds. */
    public Standing reportNight(RunId id) {
        Optional<NightReport> before = evidence.report(id);
        if (before.isPresent()) {
            return written(before.get());
        }
        Optional<NightRun> run = evidence.run(id);
        if (run.isEmpty()) {
            return new Standing.Unknown();
        }
        Set<String> seen = evidence.seen(id);
        List<RegisteredKey> there = new ArrayList<>();
        List<RegisteredKey> missing = new ArrayList<>();
        run.get().expected().forEach(key -> (seen.contains(key.id().value()) ? there : missing).add(key));
        if (!missing.isEmpty() && clock.instant().isBefore(run.get().deadline())) {
            return new Standing.Waiting(
                    run.get().expected().size(), there.size(), run.get().deadline());
        }
        return written(evidence.keep(NightReport.of(
                run.get(),
                found(id, there),
                missing.stream().map(key -> missed(run.get(), key)).toList(),
                evidence.nightsBefore(id, HISTORY),
                clock.instant())));
    }

    private Standing written(NightReport report) {
        evidence.publish(report.id(), CsvReport.of(report), HtmlReport.of(report));
        evidence.keep(report.summary());
        return new Standing.Reported(report);
    }

    private KeyReport missed(NightRun run, RegisteredKey key) {
        KeyToInspect never = new KeyToInspect(run.id(), key, run.deadline(), Optional.empty());
        List<cmek.onboarding.Finding> findings = new ArrayList<>(key.standing());
        findings.add(NightFindings.notReached(key.key(), "nobody looked at it before " + run.deadline()));
        return KeyReport.of(never, findings, run.deadline());
    }

    /** Reads what the inspections left, several at a time. */
    private List<KeyReport> found(RunId id, List<RegisteredKey> keys) {
        ExecutorService readers = Executors.newFixedThreadPool(settings.concurrency());
        try {
            List<Future<Optional<KeyReport>>> reads = keys.stream()
                    .map(key -> readers.submit(() -> evidence.report(id, key.id())))
                    .toList();
            List<KeyReport> found = new ArrayList<>();
            for (Future<Optional<KeyReport>> read : reads) {
                read.get().ifPresent(found::add);
            }
            return found;
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
