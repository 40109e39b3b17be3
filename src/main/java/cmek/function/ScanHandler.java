package cmek.function;

import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.RedeliveryException;
import cmek.finding.ScanFindings;
import cmek.model.Json;
import cmek.onboarding.Step;
import cmek.result.Result;
import cmek.result.Status;
import cmek.scan.AuditLogEntry;
import cmek.scan.KeyReport;
import cmek.scan.KeyToScan;
import cmek.scan.ReportScan;
import cmek.scan.RescanChangedKey;
import cmek.scan.RunId;
import cmek.scan.RunToReport;
import cmek.scan.ScanKey;
import cmek.scan.ScanKeyEvent;
import cmek.scan.ScanPlan;
import cmek.scan.ScanResults;
import cmek.scan.ScanStore;
import cmek.scan.ScanTargets;
import cmek.scan.StartScan;
import io.cloudevents.CloudEvent;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Everything that functions of the scan do around its work. */
@Singleton
final class ScanHandler {

    static final String START = "startScan";
    static final String SCAN_KEY = "scanKey";
    static final String REPORT = "reportScan";
    static final String RESCAN = "rescanChangedKey";

    private static final String SCAN_KEY_TOPIC = "scan-key";
    private static final String REPORT_SCAN_TOPIC = "report-scan";
    private static final Set<String> STEPS = Set.of(START, SCAN_KEY, REPORT, RESCAN);

    private final MessageHandler messages;
    private final ResultPublisher publisher;
    private final StartScan startScan;
    private final ScanTargets targets;
    private final ScanKey scanKey;
    private final ReportScan reportScan;
    private final RescanChangedKey rescanChangedKey;
    private final ScanStore store;
    private final Clock clock;

    @Inject
    ScanHandler(
            MessageHandler messages,
            ResultPublisher publisher,
            StartScan startScan,
            ScanTargets targets,
            ScanKey scanKey,
            ReportScan reportScan,
            RescanChangedKey rescanChangedKey,
            ScanStore store,
            Clock clock) {
        this.messages = messages;
        this.publisher = publisher;
        this.startScan = startScan;
        this.targets = targets;
        this.scanKey = scanKey;
        this.reportScan = reportScan;
        this.rescanChangedKey = rescanChangedKey;
        this.store = store;
        this.clock = clock;
    }

    /** Any message starts the scan that its id and its time name. */
    void startScan(CloudEvent event) {
        handle(START, event, message -> {
            Instant at = message.publishedAt().orElseGet(clock::instant);
            ScanPlan plan = startScan.startScan(RunId.ofScan(at, message.id()), at);
            return () -> {
                publisher.publish(ScanResults.of(plan, ScanStore.folder(plan.id())));
                publisher.publishNextStep(
                        SCAN_KEY_TOPIC,
                        SCAN_KEY,
                        plan.expected().stream()
                                .map(key -> new KeyToScan(plan.id(), key, plan.patientUntil(), Optional.empty())));
                publisher.publishNextStep(plan.id(), REPORT_SCAN_TOPIC, REPORT);
            };
        });
    }

    void scanKey(CloudEvent event) {
        handle(SCAN_KEY, event, message -> {
            Optional<KeyReport> report = scanKey.scanKey(targets.target(read(SCAN_KEY, message, ScanKeyEvent.class)));
            return () -> report.map(found -> ScanResults.of(found, store.link(found)))
                    .ifPresent(publisher::publish);
        });
    }

    void reportScan(CloudEvent event) {
        handle(REPORT, event, message -> {
            RunId id = read(REPORT, message, RunToReport.class).run();
            Result result = result(id, reportScan.reportScan(id));
            return () -> publisher.publish(result);
        });
    }

    private static Result result(RunId id, ReportScan.Progress progress) {
        if (progress instanceof ReportScan.Progress.Waiting waiting) {
            throw new RedeliveryException(waiting.seen() + " of " + waiting.expected() + " keys of " + id
                    + " were checked; waiting until " + waiting.until());
        } else if (progress instanceof ReportScan.Progress.Reported reported) {
            return ScanResults.of(reported.report(), ScanStore.folder(id));
        }
        throw new PermanentException(ScanFindings.unreadable(REPORT, "run " + id + " does not exist"));
    }

    void rescanChangedKey(CloudEvent event) {
        handle(RESCAN, event, message -> {
            List<KeyToScan> keys =
                    entry(message).map(rescanChangedKey::rescanChangedKey).orElse(List.of());
            return () -> publisher.publishNextStep(SCAN_KEY_TOPIC, SCAN_KEY, keys.stream());
        });
    }

    private static Optional<AuditLogEntry> entry(PubSubMessage message) {
        try {
            return AuditLogEntry.read(message.data());
        } catch (IOException e) {
            throw new PermanentException(ScanFindings.unreadable(RESCAN, String.valueOf(e.getMessage())));
        }
    }

    /** Whether a dead letter was one of ours. */
    boolean owns(CloudEvent event) {
        return stepOf(PubSubMessage.of(event)).isPresent();
    }

    /** What starts a scan or tells of a change comes from outside and bears no step: its subscription says what it was. */
    private static Optional<String> stepOf(PubSubMessage letter) {
        return STEPS.stream()
                .filter(letter::isDeadLetterOf)
                .findFirst()
                .or(() -> letter.attribute("step")
                        .filter(STEPS::contains)
                        .filter(any -> Step.of(letter::isDeadLetterOf).isEmpty()));
    }

    /** Ends a message that a function of the scan failed on after all retries. */
    void handleDeadLetter(CloudEvent event) {
        String step = stepOf(PubSubMessage.of(event)).orElse(START);
        handle(step, event, message -> () -> end(step, message, Status.FAILED, ScanFindings.retriesExhausted(step)));
    }

    private void handle(String step, CloudEvent event, Function<PubSubMessage, Runnable> work) {
        messages.handle(
                step,
                event,
                message -> new MessageHandler.Subject(
                        (status, finding) -> end(step, message, status, finding), retried -> {}),
                delivery -> work.apply(delivery.message()));
    }

    private void end(String step, PubSubMessage message, Status status, Finding finding) {
        publisher.publish(ScanResults.nameless(message.id(), status, step, finding, clock.instant()));
    }

    private static <T> T read(String step, PubSubMessage message, Class<T> type) {
        try {
            return Json.read(message.data(), type);
        } catch (IOException e) {
            throw new PermanentException(ScanFindings.unreadable(step, String.valueOf(e.getMessage())));
        }
    }
}
