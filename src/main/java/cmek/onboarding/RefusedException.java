package cmek.onboarding;

/** An outside world said no, and would say so again: a person must act. Thrown by clients, turned into a result at the door. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Finding finding;

    public RefusedException(Finding finding) {
        super(finding.reason() + ": " + finding.message());
        this.finding = finding;
    }

    public Finding finding() {
        return finding;
    }
}
