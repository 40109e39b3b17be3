package cmek.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The entry point names what is wrong with a request; whatever comes past it, no such request can be made. */
class OnboardingRequestTest {

    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration MONTH = Duration.ofDays(30);

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-a", "a b", "a\n", "a/b", "\u00e4"})
    void whatIsNoRequestIdIsRefused(String requestId) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request(requestId, "Payments", YEAR, MONTH))
                .withMessageStartingWith("not a valid requestId: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two\nlines", "\u200b"})
    void whatIsNoDisplayNameIsRefused(String displayName) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request("r", displayName, YEAR, MONTH))
                .withMessageStartingWith("not a valid displayName: ");
    }

    @Test
    void aDisplayNameHasAtMostAHundredCharactersHoweverTheyAreStored() {
        String key = "\ud83d\udd11";

        assertThat(OnboardingRequest.isDisplayName(key.repeat(100))).isTrue();
        assertThat(OnboardingRequest.isDisplayName(key.repeat(101))).isFalse();
        assertThat(OnboardingRequest.isDisplayName("a".repeat(101))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"PT24H", "P36500D"})
    void theLeastAndTheMostRotationAreTaken(Duration period) {
        assertThat(request("r", "Payments", period, MONTH).rotationPeriod()).contains(period);
    }

    @ParameterizedTest
    @CsvSource({"PT23H59M59S", "P36500DT1S", "PT0S", "-PT24H"})
    void aRotationOutsideIsRefused(Duration period) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request("r", "Payments", period, MONTH))
                .withMessageStartingWith("not a valid rotationPeriod: ");
    }

    @ParameterizedTest
    @CsvSource({"PT24H", "P120D"})
    void theLeastAndTheMostDelayOfADestructionAreTaken(Duration delay) {
        assertThat(request("r", "Payments", YEAR, delay).destroyScheduledDuration())
                .contains(delay);
    }

    @ParameterizedTest
    @CsvSource({"PT23H59M59S", "P120DT1S", "PT0S"})
    void aDelayOutsideIsRefused(Duration delay) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request("r", "Payments", YEAR, delay))
                .withMessageStartingWith("not a valid destroyScheduledDuration: ");
    }

    private static OnboardingRequest request(String id, String displayName, Duration rotation, Duration destroy) {
        return new OnboardingRequest(
                id,
                Mode.PROVISION,
                new CryptoKeyName("acme-kms-prod", "us-east5", "anthropic", "payments"),
                Optional.empty(),
                Optional.of(rotation),
                Optional.of(destroy),
                Map.of(),
                displayName,
                Optional.empty(),
                false);
    }
}
