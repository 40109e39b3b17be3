package cmek.result;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** What one step did, in one word; the words beginning with WOULD are those of mode {@code plan}. */
@RegisterForReflection
public enum StepOutcome {
    ACCEPTED,
    /** Everything that was checked is as it must be. */
    CHECKED,
    CREATED,
    /** It was there already, as it must be: nothing was written. */
    FOUND,
    LABELLED,
    GRANTED,
    REGISTERED,
    VALIDATED,
    ATTACHED,
    /** Somebody else agreed to what is to be attached, and everything is checked again before it is. */
    APPROVED,
    /** A dead letter of it was published again, and everything is checked again before the key is attached. */
    REPLAYED,
    WOULD_CREATE,
    WOULD_LABEL,
    WOULD_GRANT,
    WOULD_REGISTER,
    WOULD_VALIDATE,
    WOULD_ATTACH;

    /** The same as an intention, for mode {@code plan}. */
    public StepOutcome planned() {
        return switch (this) {
            case CREATED -> WOULD_CREATE;
            case LABELLED -> WOULD_LABEL;
            case GRANTED -> WOULD_GRANT;
            case REGISTERED -> WOULD_REGISTER;
            case VALIDATED -> WOULD_VALIDATE;
            case ATTACHED -> WOULD_ATTACH;
            default -> this;
        };
    }
}
