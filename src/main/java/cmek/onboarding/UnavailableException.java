package cmek.onboarding;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An outside world could not answer now: overload, a timeout, a reset. The event is delivered again later; whether the
 * call had an effect is not known. Thrown by clients, let through at the door.
 */
public final class UnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final @Nullable Duration retryAfter;

    public UnavailableException(Reason reason, String message, @Nullable Throwable cause) {
        this(reason, message, cause, null);
    }

    /**
     * The same with the other side's own wish.
     *
     * @param retryAfter how long it asks to be left alone
     */
    public UnavailableException(
            Reason reason, String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
        super(message, cause);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    /** How long the other side asks to be left alone, where it says so. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** What a result says if this turns out to be the last cause. */
    public Reason reason() {
        return reason;
    }
}
