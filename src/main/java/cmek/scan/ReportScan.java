package cmek.scan;

import cmek.client.http.Deadline;
import cmek.config.ScanSettings;
import cmek.config.ServiceInfo;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.ScanFindings;
import cmek.logging.LogContext;
import cmek.model.EventTime;
import cmek.model.OrganizationId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/** Reports on a scan once every expected key was checked or it is too late to wait for the rest. */
@Singleton
public final class ReportScan {

    private static final Logger LOG = Logger.getLogger(ReportScan.class);

    /** How many earlier scans a report shows. */
    private static final int HISTORY = 29;

    private final ScanStore store;
    private final ReportRendering rendering;
    private final ScanSettings settings;
    private final OrganizationId organization;
    private final ServiceInfo service;
    private final Clock clock;

    @Inject
    public ReportScan(
            ScanStore store,
            ReportRendering rendering,
            ScanSettings settings,
            OrganizationId organization,
            ServiceInfo service,
            Clock clock) {
        this.store = store;
        this.rendering = rendering;
        this.settings = settings;
        this.organization = organization;
        this.service = service;
        this.clock = clock;
    }

    /** How far a scan is. */
    public sealed interface Progress {

        /** Not all keys were checked, and there is time left. */
        record Waiting(int expected, int seen, Instant until) implements Progress {}

        /** All was written. */
        record Reported(ScanReport report) implements Progress {}

        /** There is not a scan of this id. */
        record Unknown() implements Progress {}
    }

    /** Writes the report if it is time to; a report that was written holds. */
    public Progress reportScan(RunId id) {
        Optional<ScanReport> before = store.report(id);
        if (before.isPresent()) {
            return written(before.get());
        }
        Optional<ScanPlan> plan = store.plan(id);
        if (plan.isEmpty()) {
            return new Progress.Unknown();
        }
        int seen = seen(plan.get());
        int expected = plan.get().expected().size();
        if (seen < expected && clock.instant().isBefore(plan.get().deadline())) {
            return new Progress.Waiting(expected, seen, plan.get().deadline());
        }
        return written(store.keep(report(plan.get())));
    }

    /** How many of the expected keys were checked. */
    private int seen(ScanPlan plan) {
        Set<String> checked = store.checked(plan.id());
        return (int) plan.expected().stream()
                .filter(key -> checked.contains(key.id().value()))
                .count();
    }

    private ScanReport report(ScanPlan plan) {
        List<KeyReport> found = new ArrayList<>();
        List<KeyReport> missed = new ArrayList<>();
        rows(plan).forEach(row -> (row.seen() ? found : missed).add(row.report()));
        return ScanReport.of(
                organization,
                service.version(),
                plan,
                found,
                missed,
                store.scansBefore(plan.id(), plan.startedAt(), HISTORY),
                clock.instant());
    }

    private Progress written(ScanReport report) {
        store.publish(report, rendering);
        store.keep(report.summary());
        return new Progress.Reported(report);
    }

    /**
     * One key of the report.
     *
     * @param seen whether it was checked in time
     */
    private record Row(KeyReport report, boolean seen) {}

    private Row row(ScanPlan plan, RegisteredKey key) {
        return found(plan, key).map(report -> new Row(report, true)).orElseGet(() -> new Row(missed(plan, key), false));
    }

    private KeyReport missed(ScanPlan plan, RegisteredKey key) {
        KeyToScan never = new KeyToScan(plan.id(), key, plan.deadline(), Optional.empty());
        List<Finding> findings = new ArrayList<>(key.standing());
        findings.add(
                ScanFindings.notReached(key.key(), "it was not checked before " + EventTime.written(plan.deadline())));
        return KeyReport.of(never, findings, plan.deadline())
                .since(store.memory(key.id()).latest().report(), plan.deadline());
    }

    /** What was found of a registration counts only where it was found of its own key. */
    private Optional<KeyReport> found(ScanPlan plan, RegisteredKey key) {
        try {
            return store.report(plan.id(), key.id()).filter(report -> report.isOf(plan.id(), key));
        } catch (PermanentException e) {
            // One object that cannot be read, of a later release perhaps, must not take the report of all others away.
            LOG.warnf(
                    "what was found of %s is not reported: %s",
                    key.id(), e.finding().message());
            return Optional.empty();
        }
    }

    /** What was found of each expected key, in their order; several are read at a time. */
    private List<Row> rows(ScanPlan plan) {
        ExecutorService readers = Executors.newFixedThreadPool(settings.concurrency());
        try {
            List<CompletableFuture<Row>> reading = plan.expected().stream()
                    .map(key -> CompletableFuture.supplyAsync(
                            Deadline.wrap(() -> row(plan, key)), read -> readers.execute(LogContext.wrap(read))))
                    .toList();
            return reading.stream().map(CompletableFuture::join).toList();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        } finally {
            // After a failure all will be read again, so the others need not go on.
            readers.shutdownNow();
        }
    }
}
