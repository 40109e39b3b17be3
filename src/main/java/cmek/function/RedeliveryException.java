package cmek.function;

/** Nothing is wrong; the message shall be delivered again later. Has no stack, for nobody would look for a fault. */
final class RedeliveryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    RedeliveryException(String message) {
        super(message, null, false, false);
    }
}
