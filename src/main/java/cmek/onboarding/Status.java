package cmek.onboarding;

/** What a published result says; see the contract in {@code deployment/schemas/result.schema.json}. */
public enum Status {
    ACCEPTED(false),
    PROGRESS(false),
    PENDING(false),
    PLANNED(true),
    VALIDATED(true),
    ATTACHED(true),
    REFUSED(true),
    FAILED(true);

    private final boolean terminal;

    Status(boolean terminal) {
        this.terminal = terminal;
    }

    /** Whether nothing more follows for the message that came in. */
    public boolean isTerminal() {
        return terminal;
    }
}
