package cmek.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.finding.Reason;
import cmek.finding.TransientException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class BulkheadTest {

    /** The pool that all share has one thread on two processors, and there a second call would never begin. */
    private static final Executor ITS_OWN_THREAD = task -> new Thread(task, "call").start();

    private final CountDownLatch answered = new CountDownLatch(1);
    private final List<String> made = new CopyOnWriteArrayList<>();

    @Test
    void oneCallTooManyIsPutOffUnmade() throws Exception {
        Bulkhead bulkhead = new Bulkhead("Cloud KMS", 2, Duration.ZERO);
        CompletableFuture<String> first = slowCall(bulkhead);
        CompletableFuture<String> second = slowCall(bulkhead);

        assertThatThrownBy(() -> bulkhead.within(() -> made.add("third")))
                .isInstanceOfSatisfying(TransientException.class, e -> {
                    assertThat(e.reason()).isEqualTo(Reason.BUSY);
                    assertThat(e.isWithoutEffect()).isTrue();
                })
                .hasMessage("local limit of 2 concurrent calls to Cloud KMS reached");
        assertThat(made).isEmpty();

        answered.countDown();
        assertThat(first.get()).isEqualTo("an answer");
        assertThat(second.get()).isEqualTo("an answer");
    }

    @Test
    void aCallWaitsForAnotherToEnd() throws Exception {
        Bulkhead bulkhead = new Bulkhead("Cloud KMS", 1, Duration.ofMinutes(1));
        CompletableFuture<String> first = slowCall(bulkhead);
        CompletableFuture<Boolean> second =
                CompletableFuture.supplyAsync(() -> bulkhead.within(() -> made.add("second")), ITS_OWN_THREAD);

        answered.countDown();

        CompletableFuture.allOf(first, second).get();
        assertThat(made).containsExactly("first", "second");
    }

    @Test
    void aCallThatFailsMakesRoomAgain() {
        Bulkhead bulkhead = new Bulkhead("Cloud KMS", 1, Duration.ZERO);

        assertThatThrownBy(() -> bulkhead.within(() -> {
                    throw new IOException("reset");
                }))
                .isInstanceOf(IOException.class);

        assertThat(bulkhead.within(() -> "an answer")).isEqualTo("an answer");
    }

    @Test
    void whoIsInterruptedWhileWaitingGivesUp() throws Exception {
        Bulkhead bulkhead = new Bulkhead("Cloud KMS", 1, Duration.ofMinutes(1));
        CompletableFuture<String> slow = slowCall(bulkhead);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                bulkhead.within(() -> "an answer");
            } catch (TransientException e) {
                interrupted.complete(Thread.currentThread().isInterrupted());
            }
        });

        waiting.start();
        waiting.interrupt();
        waiting.join();

        assertThat(interrupted).isCompletedWithValue(true);
        answered.countDown();
        assertThat(slow.get()).isEqualTo("an answer");
    }

    /** Returns once the call is under way. */
    private CompletableFuture<String> slowCall(Bulkhead bulkhead) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<String> call = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return bulkhead.within(() -> {
                            begun.countDown();
                            answered.await();
                            made.add("first");
                            return "an answer";
                        });
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                ITS_OWN_THREAD);
        begun.await();
        return call;
    }
}
