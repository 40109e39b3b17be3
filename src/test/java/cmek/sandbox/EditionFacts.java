package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.model.Json;
import cmek.onboarding.Step;
import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Events and stored objects of another release, that runs beside this one or ran before it. */
abstract class EditionFacts extends FromOutside {

    private static final String KEY = "projects/acme-kms-prod/locations/us-east5/keyRings/ring-%1$s/cryptoKeys/%1$s";

    static Stream<Arguments> otherForms() {
        return Stream.<Named<Consumer<ObjectNode>>>of(
                        Named.of("one field more", event -> event.put("ofALaterRelease", true)),
                        Named.of(
                                "one field more inside",
                                event -> ((ObjectNode) event.path("request"))
                                        .putObject("ofALaterRelease")
                                        .put("deep", 1)),
                        Named.of("a later edition", event -> event.put("schemaVersion", 3)),
                        Named.of("no replay", event -> event.remove("replay")),
                        Named.of("no warnings", event -> event.remove("warnings")),
                        Named.of("no steps", event -> event.remove("steps")),
                        Named.of("no approval", event -> event.remove("approval")))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("otherForms")
    void anEventWithOneFieldMoreOrLessIsUnderstood(Consumer<ObjectNode> other) throws JsonProcessingException {
        ObjectNode event = event("understood");
        other.accept(event);

        assertThat(ends(event)).containsExactly("VALIDATED");
    }

    static Stream<Arguments> unreadable() {
        return Stream.<Named<Consumer<ObjectNode>>>of(
                        Named.of("no request", event -> event.remove("request")),
                        Named.of("no key", event -> ((ObjectNode) event.path("request")).remove("key")),
                        Named.of("the first edition", event -> event.remove("schemaVersion")),
                        Named.of(
                                "a mode of a later release",
                                event -> ((ObjectNode) event.path("request")).put("mode", "ROTATE")))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void anEventThatCannotBeReadEndsOnceAndBlamesNobody(Consumer<ObjectNode> other) throws JsonProcessingException {
        ObjectNode event = event("unreadable");
        other.accept(event);
        deployment.apis().journal().clear();

        String id = deployment.publish(Step.CREATE_KEY, event.toString(), Map.of("step", "createKey"));

        List<Results.Published> results = deployment.follow(id);
        assertThat(results).singleElement().satisfies(end -> {
            assertThat(end.json().path("reason").asText()).isEqualTo("UNREADABLE");
            assertThat(end.json().path("message").asText()).startsWith("the event for createKey cannot be read: ");
            assertThat(end.json().at("/remedy/0").asText()).startsWith("publish the original request again");
        });
        assertThat(deployment.apis().journal().writesTo("kms", "admin")).isEmpty();
    }

    /** A release that knows more ended it; what comes late is told that end, in that release's words. */
    @Test
    void anEndOfALaterReleaseIsTheEnd() throws JsonProcessingException {
        ObjectNode event = event("later-end");
        ObjectNode end = Json.MAPPER
                .createObjectNode()
                .put("messageId", event.path("messageId").asText());
        end.putObject("result")
                .put("requestId", "later-end")
                .put("status", "REFUSED")
                .put("step", "registerKey")
                .put("reason", "OF_A_LATER_RELEASE")
                .put("message", "in its own words");
        end.put("schemaVersion", 3);
        deployment
                .apis()
                .storage()
                .withObject(
                        SimulatedApis.BUCKET,
                        "onboardings/" + event.path("deduplicationKey").asText() + "/end.json",
                        "application/json",
                        end.toString());
        deployment.apis().journal().clear();

        deployment.publish(Step.CREATE_KEY, event.toString(), Map.of());

        assertThat(deployment.follow(result -> result.isBadEnd() || result.isGoodEnd()))
                .singleElement()
                .satisfies(said -> assertThat(said.json()).isEqualTo(end.path("result")));
        assertThat(deployment.apis().journal().writesTo("kms", "admin")).isEmpty();
    }

    /** As the step before creates it, of an onboarding that has not ended. */
    private ObjectNode event(String name) throws JsonProcessingException {
        List<Results.Published> results = deployment.onboard(
                "{\"requestId\":\"" + name + "\",\"mode\":\"plan\",\"key\":\"" + KEY.formatted(name) + "\"}");
        assertThat(results).last().matches(Results.Published::isGoodEnd);
        List<String> events = deployment.published(Step.CREATE_KEY);
        ObjectNode event = (ObjectNode) Json.MAPPER.readTree(events.get(events.size() - 1));
        ((ObjectNode) event.path("request")).put("mode", "PROVISION");
        event.put("messageId", "of-" + name + "-" + events.size());
        event.put("deduplicationKey", "%032x".formatted(events.size()));
        deployment.apis().withKeyRing(KEY.formatted(name).replaceFirst("/cryptoKeys/.*", ""));
        return event;
    }

    private List<String> ends(ObjectNode event) {
        deployment.publish(Step.CREATE_KEY, event.toString(), Map.of("step", "createKey"));
        return deployment.follow(event.path("messageId").asText()).stream()
                .filter(result -> result.isGoodEnd() || result.isBadEnd())
                .map(Results.Published::status)
                .toList();
    }
}
