package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.finding.Reason;
import cmek.onboarding.Step;
import cmek.simulator.Journal;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every cause, from the outside: a request goes in by Pub/Sub, the APIs is broken in one way, and what comes out names that
 * way, the resource and the remedy; nothing is written after it was known, and nothing will be retried that would be refused
 * again.
 */
abstract class FaultMatrixFacts extends FromOutside {

    /** Causes that only a scan can find, or an approval: no onboarding raises them, and the tests of those show each. */
    private static final Set<Reason> SHOWN_ELSEWHERE = EnumSet.of(
            Reason.REGISTERED_NOT_ATTACHED,
            Reason.ARCHIVED_WORKSPACES_ONLY,
            Reason.WORKSPACE_WITHOUT_KEY,
            Reason.REGISTRATION_MISSING,
            Reason.ROTATION_OVERDUE,
            Reason.OLD_VERSION_UNUSABLE,
            Reason.OLD_VERSION_LOST,
            Reason.REVOKED_ON_PURPOSE,
            Reason.REPAIR_CONTESTED,
            Reason.NOT_REACHED,
            // It passes by itself; OnboardingStoreTest and BulkheadTest show it.
            Reason.BUSY,
            // ApprovalChainTest shows it.
            Reason.APPROVAL_NOT_ACCEPTED);

    /** Causes that pass by themselves: the log says them each time, a result never does. */
    private static final Set<Reason> PASSING = EnumSet.of(
            Reason.QUOTA_EXHAUSTED,
            Reason.GOOGLE_UNAVAILABLE,
            Reason.ANTHROPIC_UNAVAILABLE,
            Reason.KEY_VERSION_NOT_READY);

    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<Row> rows() {
        return FaultMatrix.rows().stream();
    }

    @Test
    void everyReasonHasARowOrIsShownElsewhere() {
        Set<Reason> shown = FaultMatrix.rows().stream()
                .map(Row::reason)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Reason.class)));

        assertThat(shown).doesNotContainAnyElementsOf(SHOWN_ELSEWHERE);
        shown.addAll(SHOWN_ELSEWHERE);
        assertThat(shown).containsExactlyInAnyOrder(Reason.values());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aBrokenApiIsNamedAndNothingIsWrittenAfter(Row row) {
        row.breakApis(deployment.apis());
        deployment.apis().journal().clear();
        try {
            List<JsonNode> results = published(row);
            JsonNode end = results.get(results.size() - 1);

            assertThat(end.path("status").asText()).as(end.toString()).isEqualTo(row.status());
            assertThat(writes()).isEqualTo(row.writes());
            assertThat(deployment.pushes().stream().filter(push -> !push.isTaken()))
                    .as(deployment.pushes().toString())
                    .hasSizeBetween(row.leastRedeliveries(), row.mostRedeliveries());
            if (PASSING.contains(row.reason())) {
                assertThat(deployment.logs(" will be retried: " + row.reason() + ", "))
                        .isTrue();
            } else {
                explains(row, end);
            }
        } finally {
            row.restoreApis(deployment.apis());
        }
    }

    /** The one cause, or the one warning, with a remedy for the very thing that is broken. */
    private static void explains(Row row, JsonNode end) {
        JsonNode finding = end;
        if (row.endsWell()) {
            assertThat(end.path("reason").isNull()).isTrue();
            List<JsonNode> warnings = StreamSupport.stream(end.path("warnings").spliterator(), false)
                    .filter(warning -> row.besides().stream()
                            .noneMatch(other -> warning.path("reason").asText().equals(other.name())))
                    .toList();
            assertThat(warnings).as(end.toString()).hasSize(1);
            assertThat(end.path("warnings"))
                    .as(end.toString())
                    .hasSize(1 + row.besides().size());
            finding = warnings.get(0);
        } else {
            assertThat(end.path("step").asText()).isEqualTo(row.step());
            assertThat(end.path("documentation").asText())
                    .isEqualTo(row.reason().documentation());
        }
        assertThat(finding.path("reason").asText())
                .as(end.toString())
                .isEqualTo(row.reason().name());
        String remedy = StreamSupport.stream(finding.path("remedy").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining("\n"));
        assertThat(row.remedies()).isNotEmpty();
        assertThat(remedy).contains(row.remedies());
    }

    private List<JsonNode> published(Row row) {
        String messageId =
                row.reason() == Reason.EXPIRED ? hadBeenHeldBack(row) : deployment.publish(Step.ONBOARD, row.message());
        return deployment.follow(messageId).stream()
                .filter(result -> result.id().contains("." + messageId + "."))
                .map(Results.Published::json)
                .toList();
    }

    /** The event of a request that was taken two days ago; what it says of itself is all that a step knows of time. */
    private String hadBeenHeldBack(Row row) {
        deployment.onboard(row.mode("plan").message());
        ObjectNode event = (ObjectNode) deployment.published(Step.CHECK_PREREQUISITES).stream()
                .map(FaultMatrixFacts::json)
                .filter(json -> json.path("request").path("requestId").asText().equals(row.name()))
                .findFirst()
                .orElseThrow();
        event.put(
                "acceptedAt",
                Instant.parse(event.path("acceptedAt").asText())
                        .minus(Duration.ofDays(2))
                        .toString());
        event.put("messageId", "of-the-day-before-yesterday");
        // Another message: the one before has ended, and the store remembers that.
        event.put("deduplicationKey", "0123456789abcdef0123456789abcdef");
        deployment.publish(Step.CHECK_PREREQUISITES, event.toString());
        return "of-the-day-before-yesterday";
    }

    /** Every call that asks others for a change, with how it ended. */
    private List<String> writes() {
        return deployment.apis().journal().entries().stream()
                .filter(Journal.Entry::write)
                .filter(entry -> !entry.apis().equals("storage"))
                .map(entry -> entry.apis() + " " + entry.operation() + (entry.status() < 300 ? "" : " failed"))
                .toList();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
