package cmek.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.config.Configs;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void outsideOfAnEventALimitIsAsItIs() {
        assertThat(Deadline.atMost(MINUTE)).isEqualTo(MINUTE);
        assertThat(Deadline.isOver()).isFalse();
    }

    @Test
    void anEventsTimeLimitsAllThatIsLonger() {
        Deadline.within(Duration.ofSeconds(30), () -> {
            assertThat(Deadline.atMost(MINUTE)).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(30));
            assertThat(Deadline.atMost(Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
        });
        assertThat(Deadline.atMost(MINUTE)).isEqualTo(MINUTE);
    }

    @Test
    void whatIsInsideOfAnEventIsNoLonger() {
        Deadline.within(
                Duration.ZERO,
                () -> Deadline.within(
                        MINUTE, () -> assertThat(Deadline.isOver()).isTrue()));
    }

    @Test
    void aParallelReadEndsWithItsEvent() {
        SideBySide reads = new SideBySide(Configs.of(Map.of()));

        Duration left = Deadline.within(
                Duration.ZERO, () -> reads.begin(() -> Deadline.atMost(MINUTE)).get());

        assertThat(left).isZero();
    }

    @Test
    void nothingIsTriedAgainWhenTheTimeIsUsedUp() {
        List<Duration> waits = new ArrayList<>();
        List<String> calls = new ArrayList<>();
        Retry retry = new Retry(waits::add, () -> 0.5);

        assertThatThrownBy(() -> Deadline.within(
                        Duration.ZERO,
                        () -> retry.repeatable(() -> {
                            calls.add("call");
                            throw new TransientException(Reason.GOOGLE_UNAVAILABLE, "slow", null);
                        })))
                .isInstanceOf(TransientException.class);

        assertThat(calls).hasSize(1);
        assertThat(waits).isEmpty();
    }

    @Test
    void noCallIsWaitedForWhenTheTimeIsUsedUp() throws Exception {
        Bulkhead bulkhead = new Bulkhead("Cloud KMS", 1, MINUTE);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread slow = new Thread(() -> bulkhead.within(() -> {
            begun.countDown();
            try {
                return end.await(1, java.util.concurrent.TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                return false;
            }
        }));
        slow.start();
        begun.await();

        assertThatThrownBy(() -> Deadline.within(Duration.ZERO, () -> bulkhead.within(() -> "an answer")))
                .isInstanceOf(TransientException.class);

        end.countDown();
        slow.join();
    }
}
