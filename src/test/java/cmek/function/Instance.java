package cmek.function;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.check.WorkspaceLookup;
import cmek.client.anthropic.AdminApi;
import cmek.client.http.SideBySide;
import cmek.client.kms.KeyManagement;
import cmek.client.pubsub.Topics;
import cmek.client.storage.EvidenceStorage;
import cmek.config.CmekConfig;
import cmek.config.ScanSettings;
import cmek.fake.Checks;
import cmek.fake.ProjectInProcess;
import cmek.fake.Sample;
import cmek.function.logging.ResultLog;
import cmek.model.OrganizationId;
import cmek.model.Policy;
import cmek.onboarding.Propagation;
import cmek.onboarding.request.RequestParser;
import cmek.onboarding.state.Approvals;
import cmek.onboarding.state.NewestResults;
import cmek.onboarding.state.OnboardingStore;
import cmek.onboarding.state.TerminalResults;
import cmek.onboarding.state.Warnings;
import cmek.onboarding.step.FindAttachment;
import cmek.scan.ReportRendering;
import cmek.scan.ScanReport;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * One running instance of the service: every entry point of the chain and of the scan, the real ones, over whatever clients
 * a test gives it.
 */
public final class Instance {

    /** What a report looks like is not what such tests are about. */
    private static final ReportRendering NOT_RENDERED = new ReportRendering() {
        @Override
        public void csv(ScanReport report, Appendable out) throws IOException {
            out.append(report.message());
        }

        @Override
        public void html(ScanReport report, Appendable out) throws IOException {
            out.append(report.message());
        }
    };

    private final Map<String, Consumer<CloudEvent>> handlers;

    public Instance(
            AdminApi anthropic,
            KeyManagement kms,
            EvidenceStorage storage,
            Topics topics,
            Clock clock,
            CmekConfig config,
            Policy policy,
            ScanSettings scanning,
            OrganizationId organization,
            SideBySide calls) {
        MessageHandler messages = new MessageHandler();
        ResultPublisher publisher = new ResultPublisher(
                topics,
                new ResultLog(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8)),
                Sample.SERVICE,
                new NewestResults(storage),
                calls);
        OnboardingStore store = new OnboardingStore(storage, clock, Sample.LEDGER);
        Approvals approvals = new Approvals(storage);
        OnboardingHandler handler = new OnboardingHandler(
                messages,
                publisher,
                new TerminalResults(storage, clock),
                approvals,
                new Warnings(storage),
                new RequestParser(policy),
                calls,
                clock,
                config);
        Propagation propagation = new Propagation(config.timing().propagationWindow(), clock);
        handlers = new Chain(anthropic, kms, store, approvals, clock, policy, organization, propagation, calls)
                .behind(handler);
        ScanHandler scan = new ScanChain(
                        anthropic,
                        kms,
                        new ProjectInProcess(),
                        storage,
                        NOT_RENDERED,
                        scanning,
                        clock,
                        policy,
                        organization)
                .handler(messages, publisher);
        handlers.put("startScan", scan::startScan);
        handlers.put("scanKey", scan::scanKey);
        handlers.put("reportScan", scan::reportScan);
        handlers.put(
                "reportDeadLetter",
                new ReportDeadLetterFunction(
                                handler, scan, new FindAttachment(new WorkspaceLookup(anthropic, Checks.names())))
                        ::reportDeadLetter);
    }

    /** Hands an envelope of Pub/Sub to a function; it returns when the message may be acknowledged. */
    public void deliver(String function, String envelope) {
        CloudEvent event = CloudEventBuilder.v1()
                .withId("delivered")
                .withSource(URI.create("//pubsub.googleapis.com/simulated"))
                .withType("google.cloud.pubsub.topic.v1.messagePublished")
                .withData("application/json", envelope.getBytes(UTF_8))
                .build();
        Objects.requireNonNull(handlers.get(function), function).accept(event);
    }
}
