package cmek.function;

import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.RedeliveryException;
import cmek.finding.ScanFindings;
import cmek.result.Result;
import cmek.result.Status;
import cmek.scan.AuditLogEntry;
import cmek.scan.KeyToScan;
import cmek.scan.ReportScan;
import cmek.scan.RescanChangedKey;
import cmek.scan.RunId;
import cmek.scan.ScanJson;
import cmek.scan.ScanKey;
import cmek.scan.ScanPlan;
import cmek.scan.ScanResults;
import cmek.scan.ScanStore;
import cmek.scan.StartScan;
import io.cloudevents.CloudEvent;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What happens at the entry points of the scan. As at the others: what a person must fix is published and acknowledged, what may
 * pass by itself is thrown.
 */
@Singleton
final class ScanHandler {

    static final String START = "startScan";
    static final String INSPECT = "scanKey";
    static final String REPORT = "reportScan";
    static final String RECHECK = "rescanChangedKey";

    private static final String INSPECT_TOPIC = "scan-key";
    private static final String REPORT_TOPIC = "report-scan";
    private static final Set<String> STEPS = Set.of(START, INSPECT, REPORT, RECHECK);

    private final ResultPublisher publisher;
    private final StartScan startScan;
    private final ScanKey scanKey;
    private final ReportScan reportScan;
    private final RescanChangedKey rescanChangedKey;
    private final Clock clock;

    @Inject
    ScanHandler(
            ResultPublisher publisher,
            StartScan startScan,
            ScanKey scanKey,
            ReportScan reportScan,
            RescanChangedKey rescanChangedKey,
            Clock clock) {
        this.publisher = publisher;
        this.startScan = startScan;
        this.scanKey = scanKey;
        this.reportScan = reportScan;
        this.rescanChangedKey = rescanChangedKey;
        this.clock = clock;
    }

    /** Any message starts the scan that its id and its time name. */
    void start(CloudEvent event) {
        PubSubMessage message = PubSubMessage.of(event);
        guarded(START, message, () -> {
            Instant at = message.publishedAt().orElseGet(clock::instant);
            ScanPlan plan = startScan.startScan(RunId.ofScan(at, message.id()), at);
            publisher.publish(ScanResults.of(plan, ScanStore.folder(plan.id())));
            // Half of the scan is spent on retries; then what cannot be reached is reported so.
            Instant patientUntil = plan.startedAt()
                    .plus(Duration.between(plan.startedAt(), plan.deadline()).dividedBy(2));
            publisher.publishNextStep(
                    INSPECT_TOPIC,
                    INSPECT,
                    plan.expected().stream().map(key -> new KeyToScan(plan.id(), key, patientUntil, Optional.empty())));
            publisher.publishNextStep(plan.id(), REPORT_TOPIC, REPORT);
        });
    }

    void inspect(CloudEvent event) {
        PubSubMessage message = PubSubMessage.of(event);
        guarded(
                INSPECT,
                message,
                () -> scanKey.scanKey(read(message, KeyToScan.class))
                        .ifPresent(report -> publisher.publish(ScanResults.of(report))));
    }

    void report(CloudEvent event) {
        PubSubMessage message = PubSubMessage.of(event);
        guarded(REPORT, message, () -> {
            RunId id = read(message, RunId.class);
            publisher.publish(end(id, reportScan.reportScan(id)));
        });
    }

    private static Result end(RunId id, ReportScan.Progress progress) throws IOException {
        if (progress instanceof ReportScan.Progress.Waiting waiting) {
            throw new RedeliveryException(waiting.seen() + " of " + waiting.expected() + " keys of " + id
                    + " were checked; waiting until " + waiting.until());
        } else if (progress instanceof ReportScan.Progress.Reported reported) {
            return ScanResults.of(reported.report(), ScanStore.folder(id));
        }
        throw new IOException("run " + id + " does not exist");
    }

    void recheck(CloudEvent event) {
        PubSubMessage message = PubSubMessage.of(event);
        guarded(RECHECK, message, () -> {
            Optional<AuditLogEntry> entry = AuditLogEntry.read(message.data());
            if (entry.isPresent()) {
                publisher.publishNextStep(
                        INSPECT_TOPIC, INSPECT, rescanChangedKey.rescanChangedKey(entry.get()).stream());
            }
        });
    }

    /** Whether a dead letter was one of ours. */
    boolean owns(CloudEvent event) {
        return PubSubMessage.of(event).attribute("step").filter(STEPS::contains).isPresent();
    }

    /** Ends a message that a function of the scan never could. */
    void giveUp(CloudEvent event) {
        PubSubMessage message = PubSubMessage.of(event);
        String step = message.attribute("step").filter(STEPS::contains).orElse(START);
        end(message, Status.FAILED, step, ScanFindings.retriesExhausted(step));
    }

    private interface Work {
        void run() throws IOException;
    }

    private void guarded(String step, PubSubMessage message, Work work) {
        try {
            work.run();
        } catch (IOException e) {
            end(message, Status.REFUSED, step, ScanFindings.unreadable(step, String.valueOf(e.getMessage())));
        } catch (PermanentException e) {
            end(message, Status.REFUSED, step, e.finding());
        }
    }

    private void end(PubSubMessage message, Status status, String step, Finding finding) {
        publisher.publish(ScanResults.nameless(message.id(), status, step, finding, clock.instant()));
    }

    private static <T> T read(PubSubMessage message, Class<T> type) throws IOException {
        try {
            return ScanJson.read(message.data(), type);
        } catch (IOException e) {
            // Jackson's text shows what it read, which anybody may have written.
            throw new IOException("it is not an event of this service", e);
        }
    }
}
