package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.fake.Sample;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

    private final TestClock clock = new TestClock();
    private final List<Duration> waits = new ArrayList<>();

    @Test
    void withoutARateNobodyWaits() {
        RateLimiter pace = new RateLimiter(OptionalInt.empty(), clock, waits::add);

        for (int i = 0; i < 1000; i++) {
            pace.before(3);
        }

        assertThat(waits).isEmpty();
    }

    @Test
    void aThousandKeysStayWithinSixHundredReadsInEveryMinute() {
        RateLimiter pace = new RateLimiter(OptionalInt.of(600), clock, clock::pass);
        List<Instant> reads = new ArrayList<>();

        for (int i = 0; i < 1000; i++) {
            pace.before(3);
            reads.addAll(List.of(clock.instant(), clock.instant(), clock.instant()));
        }

        for (Instant from : reads) {
            long within = reads.stream()
                    .filter(read -> !read.isBefore(from) && read.isBefore(from.plusSeconds(60)))
                    .count();
            assertThat(within).isLessThanOrEqualTo(600);
        }
        assertThat(Duration.between(Sample.NOW, clock.instant())).isEqualTo(Duration.ofMillis(999 * 300));
    }

    @Test
    void aMomentFarAwayIsNotWaitedForAndNotTaken() {
        RateLimiter pace = new RateLimiter(OptionalInt.of(6), clock, waits::add);
        pace.before(3);

        assertThatThrownBy(() -> pace.before(3))
                .isInstanceOfSatisfying(
                        TransientException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Reason.BUSY));

        clock.pass(Duration.ofSeconds(30));
        pace.before(3);
        assertThat(waits).isEmpty();
    }

    /** A clock that moves when it is told to. */
    static final class TestClock extends Clock {

        private Instant now = Sample.NOW;

        void pass(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
