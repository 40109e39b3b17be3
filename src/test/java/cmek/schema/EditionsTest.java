package cmek.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.model.Json;
import cmek.onboarding.OnboardingEvent;
import cmek.onboarding.state.Approvals;
import cmek.onboarding.state.TerminalResult;
import cmek.scan.LatestReport;
import cmek.scan.RunToReport;
import cmek.scan.ScanKeyEvent;
import cmek.scan.ScanPlan;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Events and stored objects of this edition, as they were recorded, with one field more and with one less: two releases may
 * run side by side, in either order.
 */
class EditionsTest {

    private static final Map<String, Class<?>> RECORDED = Map.of(
            "onboarding-event", OnboardingEvent.class,
            "terminal-result", TerminalResult.class,
            "asked-approval", Approvals.Asked.class,
            "scan-key-event", ScanKeyEvent.class,
            "run-to-report-event", RunToReport.class,
            "latest-report", LatestReport.class,
            "scan-plan", ScanPlan.class);

    /** What has no default, by the ends of its paths: without it nobody can say what the event or object is about. */
    private static final List<String> ESSENTIAL = List.of(
            "/approval",
            "/at",
            "/onboarding",
            "/request",
            "/requestId",
            "/mode",
            "/what",
            "/key",
            "/messageId",
            "/deduplicationKey",
            "/acceptedAt",
            "/displayName",
            "/result",
            "/status",
            "/step",
            "/message",
            "/occurredAt",
            "/outcome",
            "/reason",
            "/schemaVersion",
            "/run",
            "/id",
            "/name",
            "/principal",
            "/method",
            "/patientUntil",
            "/lost",
            "/inspectedAt",
            "/startedAt",
            "/since",
            "/deadline");

    static Stream<Arguments> fields() {
        return RECORDED.keySet().stream()
                .flatMap(name -> paths("", recorded(name)).stream().map(path -> Arguments.of(name, path)));
    }

    @ParameterizedTest(name = "{0} without {1}")
    @MethodSource("fields")
    void oneFieldLessIsReadWithADefaultOrSaidToBeUnreadable(String name, String path) {
        ObjectNode json = recorded(name);
        parent(json, path).remove(path.substring(path.lastIndexOf('/') + 1));

        try {
            assertThat(read(name, json)).isNotNull();
        } catch (IOException e) {
            assertThat(ESSENTIAL).anyMatch(path::endsWith);
            assertThat(e.getMessage()).matches("it is (not a|of the first edition).*");
        }
    }

    @ParameterizedTest(name = "{0} with a field beside {1}")
    @MethodSource("fields")
    void oneFieldMoreIsIgnored(String name, String path) throws IOException {
        ObjectNode json = recorded(name);
        parent(json, path).putObject("fieldOfALaterRelease").put("deep", true);

        if (read(name, json) instanceof TerminalResult end && path.startsWith("/result/")) {
            // What another release said is said again word for word.
            assertThat(end.result()).isEqualTo(json.path("result"));
        } else {
            assertThat(read(name, json)).isEqualTo(read(name, recorded(name)));
        }
    }

    @Test
    void whatIsRecordedIsWhatIsWritten() throws IOException {
        for (String name : RECORDED.keySet()) {
            assertThat(Json.MAPPER.readTree(Json.written(read(name, recorded(name)))))
                    .isEqualTo(recorded(name));
        }
    }

    /** The events of the release before carried sentences, which are looked up or made where they are shown now. */
    @Test
    void theEventsOfTheReleaseBeforeAreReadWithoutTheirSentences() throws IOException {
        assertThat(read("scan-key-event", recorded("scan-key-event-before")))
                .isEqualTo(read("scan-key-event", recorded("scan-key-event")));
        ObjectNode withoutWarnings = recorded("onboarding-event");
        withoutWarnings.remove("warningsDigest");
        assertThat(read("onboarding-event", recorded("onboarding-event-before")))
                .isEqualTo(read("onboarding-event", withoutWarnings));
    }

    @Test
    void theFirstEditionIsNamed() {
        ObjectNode event = recorded("onboarding-event");
        event.remove("schemaVersion");
        event.set("origin", event.remove("deduplicationKey"));

        assertThatThrownBy(() -> read("onboarding-event", event))
                .isInstanceOf(IOException.class)
                .hasMessage("it is of the first edition, which this release cannot read");
    }

    private static Object read(String name, JsonNode json) throws IOException {
        return Json.read(json.toString().getBytes(StandardCharsets.UTF_8), Objects.requireNonNull(RECORDED.get(name)));
    }

    private static ObjectNode recorded(String name) {
        try (InputStream file = EditionsTest.class.getResourceAsStream("/recorded/" + name + ".json")) {
            return (ObjectNode) Json.MAPPER.readTree(Objects.requireNonNull(file, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode parent(ObjectNode json, String path) {
        return (ObjectNode) json.at(path.substring(0, path.lastIndexOf('/')));
    }

    private static List<String> paths(String at, JsonNode node) {
        List<String> paths = new ArrayList<>();
        node.properties().forEach(field -> {
            String path = at + "/" + field.getKey();
            paths.add(path);
            paths.addAll(paths(path, field.getValue()));
        });
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                paths.addAll(paths(at + "/" + i, node.get(i)));
            }
        }
        // A label of a key is a value of the team's, and a reason is a word; neither is a field.
        paths.removeIf(path -> path.contains("/labels/") || path.contains("/reasons/"));
        return paths;
    }
}
