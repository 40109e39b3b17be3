package cmek.cli;

/** Something is wrong with how the command was called, and nothing was done. */
final class Usage extends RuntimeException {

    private static final long serialVersionUID = 1;

    Usage(String message) {
        super(message, null, false, false);
    }
}
