package cmek.onboarding.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import cmek.fake.Sample;
import cmek.finding.ProjectFindings;
import cmek.model.ExternalKeyId;
import cmek.model.Json;
import cmek.model.Mode;
import cmek.onboarding.Onboarding;
import cmek.onboarding.OnboardingEvent;
import cmek.result.StepOutcome;
import cmek.result.StepReport;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnboardingJsonTest {

    @ParameterizedTest
    @EnumSource(Mode.class)
    void whatIsWrittenIsReadTheSame(Mode mode) throws IOException {
        Onboarding onboarding = Sample.onboarding(mode)
                .withStep(new StepReport("createKey", StepOutcome.CREATED, Sample.NOW.plusMillis(412), 412))
                .withWarning(ProjectFindings.hsmNotAvailable(Sample.KEY))
                .withExternalKeyId(new ExternalKeyId("ekey_1"))
                .withChangedAt(Sample.NOW);

        assertThat(Json.read(bytes(Json.written(onboarding)), Onboarding.class)).isEqualTo(onboarding);
    }

    @Test
    void whatIsEmptyStaysEmpty() throws IOException {
        Onboarding onboarding = Sample.onboarding(Mode.PLAN);

        assertThat(Json.read(bytes(Json.written(onboarding)), Onboarding.class)).isEqualTo(onboarding);
    }

    @Test
    void valuesAreWrittenAsTheyAreSpoken() {
        String json = Json.written(Sample.onboarding(Mode.PROVISION)
                .withStep(new StepReport("createKey", StepOutcome.CREATED, Sample.NOW, 1)));

        assertThat(json)
                .contains(
                        "\"key\":\"" + Sample.KEY + "\"",
                        "\"workspaceId\":\"" + Sample.WORKSPACE + "\"",
                        "\"rotationPeriod\":\"PT2160H\"",
                        "\"acceptedAt\":\"2026-11-23T02:00:00.000Z\"",
                        "\"externalKeyId\":null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{}", "7", "{", "\"text\"", "hello"})
    void whatIsNoEventIsRefused(String json) {
        assertThatThrownBy(() -> Json.read(bytes(json), OnboardingEvent.class)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"request", "messageId", "deduplicationKey", "acceptedAt"})
    void anEventWithoutWhatItIsAboutCannotBeRead(String field) {
        ObjectNode event = event();
        event.remove(field);

        assertThatThrownBy(() -> Json.read(bytes(event.toString()), OnboardingEvent.class))
                .isInstanceOf(IOException.class)
                .hasMessage("it is not a OnboardingEvent of this edition");
    }

    @ParameterizedTest
    @ValueSource(strings = {"steps", "warnings", "warningsDigest", "externalKeyId", "changedAt"})
    void whatIsMissingIsEmpty(String field) throws IOException {
        ObjectNode event = event();
        event.remove(field);

        assertThat(Json.read(bytes(event.toString()), OnboardingEvent.class))
                .isEqualTo(OnboardingEvent.of(Sample.onboarding(Mode.PROVISION), Optional.empty()));
    }

    @Test
    void whatIsNotKnownIsIgnored() throws IOException {
        ObjectNode event = event();
        event.putObject("new").put("deep", 1);
        ((ObjectNode) event.path("request")).put("new", "x");

        assertThat(Json.read(bytes(event.toString()), OnboardingEvent.class))
                .isEqualTo(OnboardingEvent.of(Sample.onboarding(Mode.PROVISION), Optional.empty()));
    }

    @Test
    void anEventOfTheFirstEditionCannotBeReadAndSaysSo() {
        ObjectNode event = event();
        event.remove("schemaVersion");

        assertThatThrownBy(() -> Json.read(bytes(event.toString()), OnboardingEvent.class))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("first edition");
    }

    @Test
    void anEventWhoseKeyIsNoneIsRefused() {
        ObjectNode event = event();
        ((ObjectNode) event.path("request")).put("key", Sample.KEY + "/cryptoKeyVersions/1");

        assertThatThrownBy(() -> Json.read(bytes(event.toString()), OnboardingEvent.class))
                .isInstanceOf(IOException.class);
    }

    @Test
    void anEventWithALevelThatDoesNotExistIsRefused() {
        ObjectNode event = event();
        ((ObjectNode) event.path("request")).put("protectionLevel", "EXTERNAL");

        assertThatThrownBy(() -> Json.read(bytes(event.toString()), OnboardingEvent.class))
                .isInstanceOf(IOException.class);
    }

    @Test
    void anEventWithNothingInAListIsRefused() {
        ObjectNode event = event();
        event.putArray("steps").addNull();

        assertThatThrownBy(() -> Json.read(bytes(event.toString()), OnboardingEvent.class))
                .isInstanceOf(IOException.class);
    }

    @Test
    void whatFollowsAnEventIsRefused() {
        assertThatThrownBy(() -> Json.read(bytes(event() + "{}"), OnboardingEvent.class))
                .isInstanceOf(IOException.class);
    }

    @Test
    void anEventThatSaysOneThingTwiceIsRefused() {
        String event = event().toString();
        String twice = event.substring(0, event.length() - 1) + ",\"messageId\":\"8\"}";

        assertThatThrownBy(() -> Json.read(bytes(twice), OnboardingEvent.class))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Duplicate field 'messageId'");
    }

    @Test
    void anEventWithoutBottomIsRefused() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);

        assertThatThrownBy(() -> Json.read(bytes("{\"steps\":" + deep + "}"), OnboardingEvent.class))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Json.read(bytes("{\"messageId\":" + "9".repeat(200_000) + "}"), OnboardingEvent.class))
                .isInstanceOf(IOException.class);
    }

    /** A number of ten letters that would be a gigabyte of digits, wherever a time or a length of time is read. */
    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "-1e999999999", "1e-999999999", "1.5e2147483647"})
    void aNumberThatCannotBeWrittenOutIsRefusedAtOnce(String number) {
        for (String pointer : List.of("/acceptedAt", "/changedAt", "/request/rotationPeriod")) {
            ObjectNode event = event();
            int slash = pointer.lastIndexOf('/');
            ((ObjectNode) (slash == 0 ? event : event.at(pointer.substring(0, slash))))
                    .put(pointer.substring(slash + 1), "NUMBER");
            String bomb = event.toString().replace("\"NUMBER\"", number);

            assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
                try {
                    OnboardingEvent read = Json.read(bytes(bomb), OnboardingEvent.class);
                    assertThat(Json.written(read)).hasSizeLessThan(10_000);
                } catch (IOException e) {
                    assertThat(e).isNotNull();
                }
            });
        }
    }

    private static ObjectNode event() {
        return Json.MAPPER.valueToTree(Sample.onboarding(Mode.PROVISION));
    }

    private static byte[] bytes(String json) {
        return json.getBytes(UTF_8);
    }
}
