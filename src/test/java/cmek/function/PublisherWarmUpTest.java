package cmek.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import cmek.client.pubsub.Topics;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import io.quarkus.runtime.StartupEvent;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PublisherWarmUpTest {

    @Test
    void nobodyWaitsForIt() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch prepared = new CountDownLatch(1);
        PublisherWarmUp warmUp = new PublisherWarmUp(preparing(() -> {
            await(started);
            prepared.countDown();
        }));

        warmUp.begin(new StartupEvent());
        started.countDown();

        assertThat(prepared.await(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void whatCannotBePreparedIsLeftToTheFirstEvent() {
        PublisherWarmUp warmUp = new PublisherWarmUp(preparing(() -> {
            throw new TransientException(Reason.GOOGLE_UNAVAILABLE, "no credentials", null);
        }));

        assertThatCode(warmUp::warmUp).doesNotThrowAnyException();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Topics preparing(Runnable preparation) {
        return new Topics() {
            @Override
            public void publish(String topic, String json, Map<String, String> attributes, String orderingKey) {
                throw new AssertionError("nothing is published");
            }

            @Override
            public void warmUp() {
                preparation.run();
            }
        };
    }
}
