package cmek.function;

import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.RedeliveryException;
import cmek.finding.ScanFindings;
import cmek.result.Status;
import cmek.scan.AuditLogEntry;
import cmek.scan.KeyToScan;
import cmek.scan.ReportScan;
import cmek.scan.RescanChangedKey;
import cmek.scan.RunId;
import cmek.scan.ScanJson;
import cmek.scan.ScanKey;
import cmek.scan.ScanPlan;
import cmek.scan.ScanResult;
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
 * What happens at the doors of the night. As at the others: what a person must mend is published and acknowledged, what may
 * pass by itself is thrown.
 */
@Singleton
final class ScanHandler {

    static final String START = "startNight";
    static final String INSPECT = "inspectKey";
    static final String REPORT = "reportNight";
    static final String RECHECK = "recheckChangedKey";

    private static final String INSPECT_TOPIC = "inspect-key";
    private static final String REPORT_TOPIC = "report-night";
    private static final Set<String> STEPS = Set.of(START, INSPECT, REPORT, RECHECK);

    private final ResultPublisher outbox;
    private final StartScan startNight;
    private final ScanKey inspectKey;
    private final ReportScan reportNight;
    private final RescanChangedKey recheckChangedKey;
    private final Clock clock;

    @Inject
    ScanHandler(
            ResultPublisher outbox,
            StartScan startNight,
            ScanKey inspectKey,
            ReportScan reportNight,
            RescanChangedKey recheckChangedKey,
            Clock clock) {
        this.outbox = outbox;
        this.startNight = startNight;
        this.inspectKey = inspectKey;
        this.reportNight = reportNight;
        this.recheckChangedKey = recheckChangedKey;
        this.clock = clock;
    }

    /** Any message starts the night that its id and its time name. */
    void start(CloudEvent event) {
        PubSubMessage message = PubSubMessage.of(event);
        guarded(START, message, () -> {
            Instant at = message.publishedAt().orElseGet(clock::instant);
            ScanPlan run = startNight.startNight(RunId.ofNight(at, message.id()), at);
            outbox.publish(ScanResult.of(run, ScanStore.folder(run.id())));
            // Half of the night is spent on trying again; then what cannot be reached is reported so.
            Instant patientUntil = run.startedAt()
                    .plus(Duration.between(run.startedAt(), run.deadline()).dividedBy(2));
            outbox.handOver(
                    INSPECT_TOPIC,
                    INSPECT,
                    run.expected().stream().map(key -> new KeyToScan(run.id(), key, patientUntil, Optional.empty())));
            outbox.handOver(run.id(), REPORT_TOPIC, REPORT);
        });
    }

    void inspect(CloudEvent event) {
        PubSubMessage message = PubSubMessage.of(event);
        guarded(
                INSPECT,
                message,
                () -> inspectKey
                        .inspectKey(read(message, KeyToScan.class))
                        .ifPresent(report -> outbox.publish(ScanResult.of(report))));
    }

    void report(CloudEvent event) {
        PubSubMessage message = PubSubMessage.of(event);
        guarded(REPORT, message, () -> {
            RunId id = read(message, RunId.class);
            // Of the report nothing is held any more while what it comes to is published.
            outbox.publish(end(id, reportNight.reportNight(id)));
        });
    }

    private static ScanResult end(RunId id, ReportScan.Standing standing) throws IOException {
        if (standing instanceof ReportScan.Standing.Waiting waiting) {
            throw new RedeliveryException(waiting.seen() + " of " + waiting.expected() + " keys of " + id
                    + " were looked at; waiting until " + waiting.until());
        } else if (standing instanceof ReportScan.Standing.Reported reported) {
            return ScanResult.of(reported.report(), ScanStore.folder(id));
        }
        throw new IOException("there is no run " + id);
    }

    void recheck(CloudEvent event) {
        PubSubMessage message = PubSubMessage.of(event);
        guarded(RECHECK, message, () -> {
            Optional<AuditLogEntry> entry = AuditLogEntry.read(message.data());
            if (entry.isPresent()) {
                outbox.handOver(INSPECT_TOPIC, INSPECT, recheckChangedKey.recheckChangedKey(entry.get()).stream());
            }
        });
    }

    /** Whether a dead letter was one of ours. */
    boolean owns(CloudEvent event) {
        return PubSubMessage.of(event).attribute("step").filter(STEPS::contains).isPresent();
    }

    /** Ends a message that a function of the night never could. */
    void giveUp(CloudEvent event) {
        PubSubMessage message = PubSubMessage.of(event);
        String step = message.attribute("step").filter(STEPS::contains).orElse(START);
        end(message, Status.FAILED, step, ScanFindings.gaveUp(step));
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
        outbox.publish(ScanResult.nameless(message.id(), status, step, finding, clock.instant()));
    }

    private static <T> T read(PubSubMessage message, Class<T> type) throws IOException {
        try {
            return ScanJson.read(message.data(), type);
        } catch (IOException e) {
            // Jackson's text shows what it read, which anybody may have written.
            throw new IOException("it is no event of ours", e);
        }
    }
}
