package cmek.finding;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An outside API refused, and would refuse again: a person must act. Thrown by clients, turned into a result at the
 * entry point.
 */
public final class PermanentException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Finding finding;
    private final @Nullable String requestId;

    public PermanentException(Finding finding) {
        this(finding, null);
    }

    /**
     * The same with the other side's id of the request.
     *
     * @param requestId by which the other side's support finds the request; already made safe to show
     */
    public PermanentException(Finding finding, @Nullable String requestId) {
        super(finding.reason() + ": " + finding.message());
        this.finding = finding;
        this.requestId = requestId;
    }

    /** The other side's id of the request that it refused, where it gave one. */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    public Finding finding() {
        return finding;
    }
}
