package cmek.function;

import cmek.finding.Finding;
import cmek.finding.NightFindings;
import cmek.finding.RedeliveryException;
import cmek.finding.RefusedException;
import cmek.result.Status;
import cmek.scan.AuditLogEntry;
import cmek.scan.Evidence;
import cmek.scan.EvidenceJson;
import cmek.scan.InspectKey;
import cmek.scan.KeyToInspect;
import cmek.scan.NightResult;
import cmek.scan.NightRun;
import cmek.scan.RecheckChangedKey;
import cmek.scan.ReportNight;
import cmek.scan.RunId;
import cmek.scan.StartNight;
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
final class NightDoor {

    static final String START = "startNight";
    static final String INSPECT = "inspectKey";
    static final String REPORT = "reportNight";
    static final String RECHECK = "recheckChangedKey";

    private static final String INSPECT_TOPIC = "inspect-key";
    private static final String REPORT_TOPIC = "report-night";
    private static final Set<String> STEPS = Set.of(START, INSPECT, REPORT, RECHECK);

    private final Outbox outbox;
    private final StartNight startNight;
    private final InspectKey inspectKey;
    private final ReportNight reportNight;
    private final RecheckChangedKey recheckChangedKey;
    private final Clock clock;

    @Inject
    NightDoor(
            Outbox outbox,
            StartNight startNight,
            InspectKey inspectKey,
            ReportNight reportNight,
            RecheckChangedKey recheckChangedKey,
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
        Message message = Message.of(event);
        guarded(START, message, () -> {
            Instant at = message.publishedAt().orElseGet(clock::instant);
            NightRun run = startNight.startNight(RunId.ofNight(at, message.id()), at);
            outbox.publish(NightResult.of(run, Evidence.folder(run.id())));
            // Half of the night is spent on trying again; then what cannot be reached is reported so.
            Instant patientUntil = run.startedAt()
                    .plus(Duration.between(run.startedAt(), run.deadline()).dividedBy(2));
            outbox.handOver(
                    INSPECT_TOPIC,
                    INSPECT,
                    run.expected().stream()
                            .map(key -> new KeyToInspect(run.id(), key, patientUntil, Optional.empty())));
            outbox.handOver(run.id(), REPORT_TOPIC, REPORT);
        });
    }

    void inspect(CloudEvent event) {
        Message message = Message.of(event);
        guarded(
                INSPECT,
                message,
                () -> inspectKey
                        .inspectKey(read(message, KeyToInspect.class))
                        .ifPresent(report -> outbox.publish(NightResult.of(report))));
    }

    void report(CloudEvent event) {
        Message message = Message.of(event);
        guarded(REPORT, message, () -> {
            RunId id = read(message, RunId.class);
            // Of the report nothing is held any more while what it comes to is published.
            outbox.publish(end(id, reportNight.reportNight(id)));
        });
    }

    private static NightResult end(RunId id, ReportNight.Standing standing) throws IOException {
        if (standing instanceof ReportNight.Standing.Waiting waiting) {
            throw new RedeliveryException(waiting.seen() + " of " + waiting.expected() + " keys of " + id
                    + " were looked at; waiting until " + waiting.until());
        } else if (standing instanceof ReportNight.Standing.Reported reported) {
            return NightResult.of(reported.report(), Evidence.folder(id));
        }
        throw new IOException("there is no run " + id);
    }

    void recheck(CloudEvent event) {
        Message message = Message.of(event);
        guarded(RECHECK, message, () -> {
            Optional<AuditLogEntry> entry = AuditLogEntry.read(message.data());
            if (entry.isPresent()) {
                outbox.handOver(INSPECT_TOPIC, INSPECT, recheckChangedKey.recheckChangedKey(entry.get()).stream());
            }
        });
    }

    /** Whether a dead letter was one of ours. */
    boolean owns(CloudEvent event) {
        return Message.of(event).attribute("step").filter(STEPS::contains).isPresent();
    }

    /** Ends a message that a function of the night never could. */
    void giveUp(CloudEvent event) {
        Message message = Message.of(event);
        String step = message.attribute("step").filter(STEPS::contains).orElse(START);
        end(message, Status.FAILED, step, NightFindings.gaveUp(step));
    }

    private interface Work {
        void run() throws IOException;
    }

    private void guarded(String step, Message message, Work work) {
        try {
            work.run();
        } catch (IOException e) {
            end(message, Status.REFUSED, step, NightFindings.unreadable(step, String.valueOf(e.getMessage())));
        } catch (RefusedException e) {
            end(message, Status.REFUSED, step, e.finding());
        }
    }

    private void end(Message message, Status status, String step, Finding finding) {
        outbox.publish(NightResult.nameless(message.id(), status, step, finding, clock.instant()));
    }

    private static <T> T read(Message message, Class<T> type) throws IOException {
        try {
            return EvidenceJson.read(message.data(), type);
        } catch (IOException e) {
            // Jackson's text shows what it read, which anybody may have written.
            throw new IOException("it is no event of ours", e);
        }
    }
}
