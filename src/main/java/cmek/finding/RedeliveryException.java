package cmek.finding;

/** Nothing is wrong; the message shall be delivered again later. Has no stack, for nobody would look for a fault. */
public final class RedeliveryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public RedeliveryException(String message) {
        super(message, null, false, false);
    }
}
