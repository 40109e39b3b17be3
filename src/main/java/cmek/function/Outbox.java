package cmek.function;

import cmek.client.pubsub.Topics;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Reason;
import cmek.onboarding.Result;
import cmek.onboarding.Step;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;

/** Everything that leaves through the doors: results for people, events for the next step. */
@Singleton
final class Outbox {

    static final String RESULTS = "results";

    private static final String RESULT_TYPE = "cmek.onboarding.result.v1";

    private final Topics topics;
    private final ResultLog log;

    @Inject
    Outbox(Topics topics, ResultLog log) {
        this.topics = topics;
        this.log = log;
    }

    /**
     * Publishes a result and writes it into the log.
     *
     * @param messageId of the message that the result is about: a redelivery of it makes a result of the same id
     */
    void publish(Result result, String messageId) {
        log.write(result);
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("content-type", "application/json");
        attributes.put("ce-specversion", "1.0");
        attributes.put("ce-type", RESULT_TYPE);
        attributes.put("ce-source", "//cmek-onboarding/" + result.step());
        attributes.put(
                "ce-id",
                String.join(
                        ".",
                        result.requestId(),
                        messageId,
                        result.step(),
                        result.status().name()));
        attributes.put("ce-time", result.occurredAt().toString());
        attributes.put("requestId", result.requestId());
        attributes.put("status", result.status().name());
        attributes.put("step", result.step());
        result.reason().map(Reason::name).ifPresent(reason -> attributes.put("reason", reason));
        result.key().ifPresent(key -> attributes.put("key", key));
        topics.publish(RESULTS, Json.written(result), attributes, result.key().orElse(result.requestId()));
    }

    /** Hands an onboarding over to a step. */
    void handOver(Onboarding onboarding, Step step) {
        String key = onboarding.key().toString();
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
