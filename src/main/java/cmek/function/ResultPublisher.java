package cmek.function;

import cmek.client.pubsub.Topics;
import cmek.config.ServiceInfo;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.function.logging.ResultLog;
import cmek.model.EventTime;
import cmek.model.ExternalKeyId;
import cmek.model.Json;
import cmek.onboarding.Onboarding;
import cmek.onboarding.OnboardingEvent;
import cmek.onboarding.Step;
import cmek.result.Result;
import cmek.scan.KeyToScan;
import cmek.scan.RunId;
import cmek.scan.RunToReport;
import cmek.scan.ScanKeyEvent;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything that leaves through the entry points: results for people, events for the next step. */
@Singleton
final class ResultPublisher {

    static final String RESULTS = "results";

    private static final String RESULT_TYPE = "cmek.onboarding.result.v1";

    private final Topics topics;
    private final ResultLog log;
    private final ServiceInfo service;

    @Inject
    ResultPublisher(Topics topics, ResultLog log, ServiceInfo service) {
        this.topics = topics;
        this.log = log;
        this.service = service;
    }

    /**
     * Publishes a result and writes it into the log.
     *
     * @param messageId of the message that the result is about: a redelivery of it makes a result of the same id
     */
    void publish(Result result, String messageId) {
        publish(
                result,
                String.join(
                        ".",
                        result.requestId(),
                        messageId,
                        result.step(),
                        result.status().name()),
                Map.of());
    }

    /** Publishes a fact of a scan; the same fact bears the same id however often its message is delivered. */
    void publish(Result result) {
        publish(
                result,
                Stream.of(
                                Optional.of(result.requestId()),
                                result.externalKeyId().map(ExternalKeyId::value),
                                Optional.of(result.step()),
                                Optional.of(result.status().name()))
                        .flatMap(Optional::stream)
                        .collect(Collectors.joining(".")),
                Map.of("runId", result.requestId()));
    }

    private void publish(Result found, String id, Map<String, String> more) {
        Result result = found.documentedAt(service::locate);
        log.write(result);
        Map<String, String> attributes = new LinkedHashMap<>(more);
        attributes.put("content-type", "application/json");
        attributes.put("ce-specversion", "1.0");
        attributes.put("ce-type", RESULT_TYPE);
        attributes.put("ce-source", "//cmek-onboarding/" + result.step());
        attributes.put("ce-id", id);
        attributes.put("ce-time", EventTime.written(result.occurredAt()));
        attributes.put("serviceVersion", service.version());
        attributes.put("requestId", result.requestId());
        attributes.put("status", result.status().name());
        attributes.put("step", result.step());
        result.reason().map(Reason::name).ifPresent(reason -> attributes.put("reason", reason));
        result.key().ifPresent(key -> attributes.put("key", key));
        topics.publish(RESULTS, Json.written(result), attributes, result.key().orElse(result.requestId()));
    }

    /** Has keys checked. */
    void publishNextStep(String topic, String step, Stream<KeyToScan> keys) {
        topics.publishAll(
                topic,
                keys.map(key -> new Topics.Outgoing(
                        Json.written(ScanKeyEvent.of(key)),
                        Map.of(
                                "content-type",
                                "application/json",
                                "runId",
                                key.run().value(),
                                "step",
                                step,
                                "key",
                                key.key().key().toString()),
                        key.key().id().value())));
    }

    /** Has a scan reported on. */
    void publishNextStep(RunId run, String topic, String step) {
        topics.publish(
                topic,
                Json.written(new RunToReport(run)),
                Map.of("content-type", "application/json", "runId", run.value(), "step", step),
                run.value());
    }

    /** Leaves nothing but a line in the log: the message stays where it is and will be delivered again. */
    void logRetry(Step step, Onboarding onboarding, TransientException cause) {
        log.write(
                step.function(),
                onboarding.request().requestId(),
                onboarding.key().toString(),
                cause);
    }

    /** Hands an onboarding over to a step. */
    void publishNextStep(OnboardingEvent onboarding, Step step) {
        String key = onboarding.request().key().toString();
        topics.publish(
                step.topic(),
                Json.written(onboarding),
                Map.of(
                        "content-type",
                        "application/json",
                        "requestId",
                        onboarding.request().requestId(),
                        "step",
                        step.function(),
                        "key",
                        key),
                key);
    }
}
