package cmek.function;

import cmek.client.http.SideBySide;
import cmek.client.pubsub.Topics;
import cmek.config.ServiceInfo;
import cmek.finding.TransientException;
import cmek.function.logging.ResultLog;
import cmek.model.ExternalKeyId;
import cmek.model.Json;
import cmek.onboarding.Onboarding;
import cmek.onboarding.OnboardingEvent;
import cmek.onboarding.OnboardingResults;
import cmek.onboarding.Step;
import cmek.onboarding.state.NewestResults;
import cmek.onboarding.state.NewestResults.Before;
import cmek.onboarding.state.TerminalResult;
import cmek.result.Result;
import cmek.scan.KeyToScan;
import cmek.scan.RunId;
import cmek.scan.RunToReport;
import cmek.scan.ScanKeyEvent;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

    /** The fields that are attributes too, for filters of subscriptions, where they are not null. */
    private static final Map<String, String> REPEATED = Map.of(
            "requestId", "requestId",
            "status", "status",
            "step", "step",
            "reason", "reason",
            "key", "key",
            "occurredAt", "ce-time");

    private final Topics topics;
    private final ResultLog log;
    private final ServiceInfo service;
    private final NewestResults newest;
    private final SideBySide calls;

    @Inject
    ResultPublisher(Topics topics, ResultLog log, ServiceInfo service, NewestResults newest, SideBySide calls) {
        this.topics = topics;
        this.log = log;
        this.service = service;
        this.newest = newest;
        this.calls = calls;
    }

    /** Publishes what an onboarding has come to, writes it into the log, and keeps it where people ask for it. */
    void publish(Result result, Onboarding onboarding, Optional<Before> before) {
        publish(result, onboarding, id(result, onboarding), before);
    }

    /** Looks up what was published of an onboarding before, for what will be published of it. */
    Optional<Before> lookUp(Onboarding onboarding) {
        return newest.lookUp(onboarding.request().requestId(), onboarding.messageId());
    }

    /**
     * The same of one of several attempts, each of which is a fact of its own.
     *
     * @param attempt its number
     */
    void publish(Result result, Onboarding onboarding, int attempt) {
        publish(result, onboarding, id(result, onboarding) + "." + attempt, Optional.empty());
    }

    private void publish(Result found, Onboarding onboarding, String id, Optional<Before> before) {
        Result result = found.documentedAt(service::locate);
        log.write(result);
        publish(Json.MAPPER.valueToTree(result), id, result.status().isTerminal(), onboarding.messageId(), before);
    }

    /** Publishes a result and keeps it; neither waits for the other. */
    private void publish(ObjectNode result, String id, boolean terminal, String messageId, Optional<Before> before) {
        calls.both(() -> publish(result, id, terminal, Map.of()), () -> newest.keep(messageId, result, before));
    }

    private static String id(Result result, Onboarding onboarding) {
        return OnboardingResults.id(
                result.requestId(),
                onboarding.messageId(),
                result.step(),
                result.status().name(),
                onboarding.replay());
    }

    /** Publishes how an onboarding ended, in the words of whichever release said it first. */
    void publish(TerminalResult end, Optional<Before> before) {
        ObjectNode result = (ObjectNode) end.result();
        if (result.path("documentation").isTextual()) {
            result.put("documentation", service.locate(end.text("documentation")));
        }
        log.write(result);
        publish(result, end.id(), true, end.messageId(), before);
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
        publish(Json.MAPPER.<ObjectNode>valueToTree(result), id, result.status().isTerminal(), more);
    }

    private void publish(ObjectNode result, String id, boolean terminal, Map<String, String> more) {
        Map<String, String> attributes = new LinkedHashMap<>(more);
        attributes.put("content-type", "application/json");
        attributes.put("ce-specversion", "1.0");
        attributes.put("ce-type", RESULT_TYPE);
        attributes.put("ce-source", "//cmek-onboarding/" + result.path("step").asText());
        attributes.put("ce-id", id);
        attributes.put("serviceVersion", service.version());
        attributes.put("terminal", String.valueOf(terminal));
        REPEATED.forEach((field, attribute) -> {
            if (result.path(field).isTextual()) {
                attributes.put(attribute, result.path(field).asText());
            }
        });
        topics.publish(
                RESULTS,
                Json.written(result),
                attributes,
                attributes.getOrDefault("key", result.path("requestId").asText()));
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
