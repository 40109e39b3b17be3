package cmek.finding;

/**
 * Nothing is wrong; the message must be delivered again later. Has no stack trace, because there is no fault to find.
 */
public final class RedeliveryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public RedeliveryException(String message) {
        super(message, null, false, false);
    }
}
