package cmek.cli;

/** A file that is not of its format. */
final class Malformed extends Exception {

    private static final long serialVersionUID = 1;

    private final int line;

    Malformed(int line, String message) {
        super(message);
        this.line = line;
    }

    int line() {
        return line;
    }
}
