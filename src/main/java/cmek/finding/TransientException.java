package cmek.finding;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An outside API could not answer now: overload, a timeout, a reset. The event is delivered again later; whether the
 * call had an effect is not known. Thrown by clients, passed on at the entry point.
 */
public final class TransientException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final @Nullable Duration retryAfter;
    private final @Nullable String requestId;
    private final boolean withoutEffect;

    public TransientException(Reason reason, String message, @Nullable Throwable cause) {
        this(reason, message, cause, null);
    }

    /**
     * The same with the delay that the other side asks for.
     *
     * @param retryAfter how long it asks us to wait
     */
    public TransientException(Reason reason, String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
        this(reason, message, cause, retryAfter, null);
    }

    /**
     * The same with the other side's id of the request.
     *
     * @param requestId by which the other side's support finds the request; already made safe to show
     */
    public TransientException(
            Reason reason,
            String message,
            @Nullable Throwable cause,
            @Nullable Duration retryAfter,
            @Nullable String requestId) {
        this(reason, message, cause, retryAfter, requestId, false);
    }

    private TransientException(
            Reason reason,
            String message,
            @Nullable Throwable cause,
            @Nullable Duration retryAfter,
            @Nullable String requestId,
            boolean withoutEffect) {
        super(message, cause);
        this.reason = reason;
        this.retryAfter = retryAfter;
        this.requestId = requestId;
        this.withoutEffect = withoutEffect;
    }

    /** The same for a call that was rejected before it was processed, as a 429 says. */
    public TransientException turnedAway() {
        return new TransientException(reason, String.valueOf(getMessage()), this, retryAfter, requestId, true);
    }

    /** Whether it is certain that the call did nothing; otherwise it may have done all that it was asked to. */
    public boolean isWithoutEffect() {
        return withoutEffect;
    }

    /** The other side's id of the request that failed, where it gave one. */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    /** How long the other side asks us to wait, where it says so. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** What a result says if this turns out to be the last cause. */
    public Reason reason() {
        return reason;
    }
}
