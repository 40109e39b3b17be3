package cmek.function.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cmek.fake.Sample;
import cmek.finding.Reason;
import cmek.finding.RequestFindings;
import cmek.finding.TransientException;
import cmek.model.Json;
import cmek.model.Mode;
import cmek.onboarding.OnboardingResults;
import cmek.onboarding.Step;
import cmek.result.Result;
import cmek.result.Status;
import cmek.schema.Schemas;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultLogTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final ResultLog log = new ResultLog(new PrintStream(written, true, UTF_8));

    @Test
    void aResultIsOneLineThatCloudLoggingReads() throws JsonProcessingException {
        log.write(OnboardingResults.of(
                Sample.onboarding(Mode.PROVISION), Step.CREATE_KEY, Status.PROGRESS, "created", Sample.NOW));

        JsonNode line = line();
        assertThat(line.path("severity").asText()).isEqualTo("INFO");
        assertThat(line.path("message").asText()).isEqualTo("PROGRESS createKey: created");
        assertThat(line.path("logging.googleapis.com/labels"))
                .isEqualTo(Json.MAPPER.readTree(
                        "{\"requestId\":\"payments-prod\",\"step\":\"createKey\",\"key\":\"" + Sample.KEY + "\"}"));
        assertThat(Schemas.RESULT.faults(line.path("result"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"REFUSED,WARNING", "FAILED,ERROR"})
    void whatEndsBadlyStandsOut(Status status, String severity) throws JsonProcessingException {
        log.write(Result.nameless(
                "7421", Step.ONBOARD.function(), status, RequestFindings.unreadable("it is empty"), Sample.NOW));

        assertThat(line().path("severity").asText()).isEqualTo(severity);
        assertThat(line().path("logging.googleapis.com/labels").has("key")).isFalse();
    }

    @Test
    void aLineBreakInAMessageMakesNoSecondEntry() {
        log.write(Result.nameless(
                "7421",
                Step.ONBOARD.function(),
                Status.REFUSED,
                RequestFindings.unreadable("a\n{\"severity\":\"INFO\"}\u001b[2J"),
                Sample.NOW));

        assertThat(written.toString(UTF_8).lines()).hasSize(1);
        assertThat(written.toString(UTF_8)).doesNotContain("\u001b");
    }

    @Test
    void aStepThatIsTriedAgainSaysWhy() throws JsonProcessingException {
        log.write(
                "createKey",
                "payments-prod",
                Sample.KEY.toString(),
                new TransientException(Reason.QUOTA_EXHAUSTED, "CreateCryptoKey answered 429\n\u001b[2J", null));

        JsonNode line = line();
        assertThat(line.path("severity").asText()).isEqualTo("WARNING");
        assertThat(line.path("message").asText())
                .isEqualTo("createKey will be retried: QUOTA_EXHAUSTED, CreateCryptoKey answered 429\\u000a\\u001b[2J");
        assertThat(line.path("logging.googleapis.com/labels"))
                .isEqualTo(Json.MAPPER.readTree("{\"requestId\":\"payments-prod\",\"step\":\"createKey\",\"key\":\""
                        + Sample.KEY + "\",\"reason\":\"QUOTA_EXHAUSTED\"}"));
    }

    private JsonNode line() throws JsonProcessingException {
        assertThat(written.toString(UTF_8).lines()).hasSize(1);
        return Json.MAPPER.readTree(written.toString(UTF_8));
    }
}
