package cmek.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.client.http.Deadline;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import io.cloudevents.CloudEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageHandlerTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final MessageHandler messages = new MessageHandler();
    private final CloudEvent event = Events.eventarc("{}");
    private final List<Duration> toPublish = new ArrayList<>();

    /** The functions' own timeout is 300 seconds. */
    @ParameterizedTest
    @CsvSource({
        "onboard,45",
        "checkPrerequisites,45",
        "createKeyRing,45",
        "createKey,45",
        "grantAccess,45",
        "registerKey,45",
        "validateKey,240",
        "attachWorkspace,240",
        "startScan,45",
        "scanKey,240",
        "reportScan,240",
        "rescanChangedKey,45",
        "reportDeadLetter,45"
    })
    void anEventIsAnsweredInTime(String function, int seconds) {
        List<Duration> toWork = new ArrayList<>();

        messages.handle(function, event, message -> subject(), delivery -> {
            toWork.add(Deadline.atMost(HOUR));
            return () -> toPublish.add(Deadline.atMost(HOUR));
        });

        assertThat(toWork.get(0).plus(toPublish.get(0))).isLessThan(Duration.ofSeconds(seconds));
        assertThat(Deadline.atMost(HOUR)).isEqualTo(HOUR);
    }

    @Test
    void whatIsToBeToldOfAFailureHasTimeOfItsOwn() {
        assertThatThrownBy(() -> messages.handle("createKey", event, message -> subject(), delivery -> {
                    throw new TransientException(Reason.GOOGLE_UNAVAILABLE, "slow", null);
                }))
                .isInstanceOf(TransientException.class);

        assertThat(toPublish)
                .singleElement()
                .satisfies(
                        time -> assertThat(time).isPositive().isLessThanOrEqualTo(MessageHandler.PUBLICATION_AT_MOST));
    }

    private MessageHandler.Subject subject() {
        return new MessageHandler.Subject(
                (status, finding) -> toPublish.add(Deadline.atMost(HOUR)),
                cause -> toPublish.add(Deadline.atMost(HOUR)));
    }
}
