package cmek.onboarding;

import org.jspecify.annotations.Nullable;

/**
 * An outside world could not answer now: overload, a timeout, a reset. The event is delivered again later; whether the
 * call had an effect is not known. Thrown by clients, let through at the door.
 */
public final class UnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Reason reason;

    public UnavailableException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What a result says if this turns out to be the last cause. */
    public Reason reason() {
        return reason;
    }
}
