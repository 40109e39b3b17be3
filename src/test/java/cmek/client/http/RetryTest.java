package cmek.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.finding.PermanentException;
import cmek.finding.ProjectFindings;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetryTest {

    private final List<Duration> waited = new ArrayList<>();
    private final Retry retry = new Retry(waited::add, () -> 0.5);
    private int calls;

    @Test
    void anAnswerIsTakenAtOnce() {
        assertThat(retry.<String>repeatable(failing(0, null))).isEqualTo("an answer");
        assertThat(calls).isEqualTo(1);
        assertThat(waited).isEmpty();
    }

    @Test
    void whatPassesIsPassedOver() {
        assertThat(retry.<String>repeatable(failing(2, null))).isEqualTo("an answer");
        assertThat(calls).isEqualTo(3);
    }

    @Test
    void theWaitGrowsAndIsJittered() {
        retry.<String>repeatable(failing(2, null));

        assertThat(waited).containsExactly(Duration.ofMillis(100), Duration.ofMillis(400));
    }

    @Test
    void theThirdFailureIsTheLast() {
        assertThatThrownBy(() -> retry.<String>repeatable(failing(3, null)))
                .isInstanceOf(TransientException.class)
                .hasMessage("failure 3");
        assertThat(calls).isEqualTo(3);
        assertThat(waited).hasSize(2);
    }

    @Test
    void aWishForPatienceIsHonoured() {
        retry.<String>repeatable(failing(1, Duration.ofSeconds(2)));

        assertThat(waited).containsExactly(Duration.ofSeconds(2));
    }

    @Test
    void aWishForMorePatienceThanAFunctionHasEndsIt() {
        assertThatThrownBy(() -> retry.<String>repeatable(failing(1, Duration.ofSeconds(6))))
                .isInstanceOf(TransientException.class);
        assertThat(calls).isEqualTo(1);
        assertThat(waited).isEmpty();
    }

    @Test
    void aRefusalIsNeverRepeated() {
        assertThatThrownBy(() -> retry.repeatable(() -> {
                    calls++;
                    throw new PermanentException(ProjectFindings.permissionDenied(null, "a key"));
                }))
                .isInstanceOf(PermanentException.class);
        assertThat(calls).isEqualTo(1);
    }

    @Test
    void aFaultOfOursIsNeverRepeated() {
        assertThatThrownBy(() -> retry.repeatable(() -> {
                    calls++;
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(calls).isEqualTo(1);
    }

    @Test
    void anInterruptedWaitEndsWithTheLastCauseAndKeepsTheInterrupt() {
        Retry interrupted = new Retry(
                duration -> {
                    throw new InterruptedException();
                },
                () -> 0.5);

        assertThatThrownBy(() -> interrupted.<String>repeatable(failing(1, null)))
                .isInstanceOf(TransientException.class)
                .hasMessage("failure 1");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(calls).isEqualTo(1);
    }

    private Supplier<String> failing(int times, @Nullable Duration retryAfter) {
        return () -> {
            calls++;
            if (calls <= times) {
                throw new TransientException(Reason.GOOGLE_UNAVAILABLE, "failure " + calls, null, retryAfter);
            }
            return "an answer";
        };
    }
}
