package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * What goes wrong between a caller and any APIs: what happens ({@link #status}, {@link #reset}, …) and to whom it
 * happens ({@link #next}, {@link #every}). A call that a fault keeps from the APIs is not in the APIs's journal.
 */
public final class Faults {

    private static final int HUGE = 10 * 1024 * 1024;
    private static final Map<String, String> JSON = Map.of("content-type", "application/json; charset=UTF-8");
    private static final Map<String, String> HTML = Map.of("content-type", "text/html; charset=UTF-8");

    private Faults() {}

    // --- to whom -------------------------------------------------------------------------------------------------

    /** Calls of one method whose path matches a pattern as a whole. */
    public static Predicate<Call> calls(String method, String pathPattern) {
        return call -> call.method().equals(method) && call.path().matches(pathPattern);
    }

    /** Every call. */
    public static Predicate<Call> anyCall() {
        return call -> true;
    }

    /** Befalls the next {@code times} calls that match; all others and later ones reach the APIs. */
    public static Fault next(int times, Predicate<Call> matching, Fault fault) {
        AtomicInteger left = new AtomicInteger(times);
        return (call, apis) -> matching.test(call) && left.getAndUpdate(now -> Math.max(0, now - 1)) > 0
                ? fault.answer(call, apis)
                : apis.answer(call);
    }

    /** Befalls the {@code nth}, 2·{@code nth}, … call of those that match; 1 is each of them. */
    public static Fault every(int nth, Predicate<Call> matching, Fault fault) {
        AtomicInteger seen = new AtomicInteger();
        return (call, apis) ->
                matching.test(call) && seen.incrementAndGet() % nth == 0 ? fault.answer(call, apis) : apis.answer(call);
    }

    // --- an answer in place of the APIs's -----------------------------------------------------------------------

    /** Answers in the APIs's place. */
    public static Fault status(int code, Map<String, String> headers, String body) {
        return reply(new Reply(code, Map.copyOf(headers), body.getBytes(UTF_8)));
    }

    /** Answers this in the APIs's place. */
    public static Fault reply(Reply reply) {
        return (call, apis) -> reply;
    }

    /** A page of some proxy on the way. */
    public static Fault html(int code) {
        return status(
                code,
                HTML,
                "<!DOCTYPE html><html><head><title>" + code + "</title></head><body><h1>The proxy says no</h1>"
                        + "<script>alert('no')</script></body></html>");
    }

    /** Ten megabytes of JSON that is well formed and says nothing. */
    public static Fault huge(int code) {
        return status(code, JSON, "{\"error\":{\"message\":\"" + "x".repeat(HUGE) + "\"}}");
    }

    /**
     * An error in the shape of both Google's and Anthropic's, whose every text clears a terminal, sets its title and
     * forges a line of its log.
     */
    public static Fault terminalEscapes(int code) {
        String evil = "\\u001b[2J\\u001b]0;owned\\u0007\\u009b31m\\r\\nINFO all is well\\u202e";
        return status(code, JSON, """
                {"type":"error","request_id":"%1$s",
                 "error":{"code":%2$d,"status":"%1$s","type":"%1$s","message":"%1$s"}}
                """.formatted(evil, code));
    }

    /** Something happens to the APIs, right before the call reaches them. */
    public static Fault after(Runnable event) {
        return (call, apis) -> {
            event.run();
            return apis.answer(call);
        };
    }

    /** Closes the connection without a word; the APIs never hears of the call. */
    public static Fault reset() {
        return (call, apis) -> SimulatorServer.RESET;
    }

    /** Never answers: until the thread is interrupted, which closing a {@link SimulatorServer} does. */
    public static Fault silent() {
        return heldBack(new CountDownLatch(1));
    }

    // --- the APIs's answer, spoilt ------------------------------------------------------------------------------

    /** Holds the call back from the APIs until the latch opens. */
    public static Fault heldBack(CountDownLatch open) {
        return (call, apis) -> opened(open) ? apis.answer(call) : SimulatorServer.RESET;
    }

    /** The APIs does it at once; its answer waits until the latch opens. */
    public static Fault lateAnswer(CountDownLatch open) {
        return (call, apis) -> {
            Reply reply = apis.answer(call);
            return opened(open) ? reply : SimulatorServer.RESET;
        };
    }

    /** The APIs does it, and the connection is closed before it can say so. */
    public static Fault lostAnswer() {
        return (call, apis) -> {
            apis.answer(call);
            return SimulatorServer.RESET;
        };
    }

    /** The APIs does it, and something on the way says otherwise. */
    public static Fault deniedAnswer(int code) {
        Reply denial = Reply.json(code, "{}");
        return (call, apis) -> {
            apis.answer(call);
            return denial;
        };
    }

    /** The first half of the APIs's body, sent as if it were the whole. */
    public static Fault truncated() {
        return (call, apis) -> {
            Reply whole = apis.answer(call);
            return new Reply(whole.status(), whole.headers(), half(whole.body()));
        };
    }

    /** The first half of the APIs's body with the length of the whole; then the connection is closed. */
    public static Fault brokenOff() {
        return (call, apis) -> {
            Reply whole = apis.answer(call);
            return new Reply(whole.status(), whole.headers(), half(whole.body()))
                    .withHeader(SimulatorServer.CONTENT_LENGTH, String.valueOf(whole.body().length));
        };
    }

    private static byte[] half(byte[] body) {
        return Arrays.copyOf(body, body.length / 2);
    }

    /** Waits; {@code false} when it was interrupted instead. */
    private static boolean opened(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
