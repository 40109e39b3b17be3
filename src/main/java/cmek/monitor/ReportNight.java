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
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

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
        Expected keys = expected(run.get());
        if (!keys.missing().isEmpty() && clock.instant().isBefore(run.get().deadline())) {
            return new Standing.Waiting(
                    run.get().expected().size(), keys.there().size(), run.get().deadline());
        }
        return written(evidence.keep(report(run.get(), keys)));
    }

    /** The expected keys: those of which something was found, and the others. */
    private record Expected(List<RegisteredKey> there, List<RegisteredKey> missing) {}

    private Expected expected(NightRun run) {
        Set<String> seen = evidence.seen(run.id());
        Expected keys = new Expected(new ArrayList<>(), new ArrayList<>());
        run.expected().forEach(key -> (seen.contains(key.id().value()) ? keys.there() : keys.missing()).add(key));
        return keys;
    }

    private NightReport report(NightRun run, Expected keys) {
        Evidence.Before before = evidence.nightsBefore(run.id(), HISTORY);
        return NightReport.of(
                run,
                found(run.id(), keys.there()),
                keys.missing().stream().map(key -> missed(run, key)).toList(),
                before.last(),
                before.all(),
                clock.instant());
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

    /** Reads what the inspections left, several at a time; of a key that is here already nothing is held twice. */
    private List<KeyReport> found(RunId id, List<RegisteredKey> keys) {
        ExecutorService readers = Executors.newFixedThreadPool(settings.concurrency());
        try {
            List<KeyReport> found = Collections.synchronizedList(new ArrayList<>(keys.size()));
            AtomicInteger next = new AtomicInteger();
            Callable<Boolean> reader = () -> {
                try {
                    for (int i = next.getAndIncrement(); i < keys.size(); i = next.getAndIncrement()) {
                        RegisteredKey key = keys.get(i);
                        evidence.report(id, key.id())
                                .map(report -> report.sharing(id, key))
                                .ifPresent(found::add);
                    }
                    return true;
                } catch (RuntimeException e) {
                    // All will be read again, so the others need not go on.
                    next.set(keys.size());
                    throw e;
                }
            };
            for (Future<Boolean> read : readers.invokeAll(Collections.nCopies(settings.concurrency(), reader))) {
                read.get();
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
