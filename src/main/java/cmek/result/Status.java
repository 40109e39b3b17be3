package cmek.result;

import cmek.model.Mode;
import cmek.model.OnboardingRequest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Arrays;

/** What a published result says; see the contract in {@code deployment/schemas/result.schema.json}. */
@RegisterForReflection
public enum Status {
    ACCEPTED(false),
    PROGRESS(false),
    PENDING(false),
    /** A step failed for a reason that may pass, and will be retried. */
    RETRYING(false),
    PLANNED(true),
    VALIDATED(true),
    /** Another person must approve before the key is attached; their message continues where this ended. */
    AWAITING_APPROVAL(true),
    ATTACHED(true),
    REFUSED(true),
    FAILED(true),
    HEALTHY(false),
    UNHEALTHY(false),
    /** It could not be checked, which says nothing about the key. */
    UNREACHABLE(false),
    /** It is labelled as revoked on purpose, and nothing else is wrong. */
    REVOKED(false),
    /** No live workspace uses it. */
    UNUSED(false),
    SCAN_STARTED(false),
    SCAN_COMPLETED(false),
    /** Not everything was seen: what was not may be unhealthy. */
    SCAN_INCOMPLETE(false);

    private final boolean terminal;

    Status(boolean terminal) {
        this.terminal = terminal;
    }

    /** The status that a request ends in when all goes well. */
    public static Status endOf(OnboardingRequest request) {
        if (request.mode() == Mode.PLAN) {
            return PLANNED;
        }
        return request.workspaceId().isPresent() ? ATTACHED : VALIDATED;
    }

    /** Whether nothing more follows for the message that came in. */
    public boolean isTerminal() {
        return terminal;
    }

    /** The same of a status that another release may have written; one that is unknown here is an end to go by. */
    public static boolean isTerminal(String word) {
        return !word.isEmpty()
                && Arrays.stream(values())
                        .filter(status -> status.name().equals(word))
                        .findFirst()
                        .map(Status::isTerminal)
                        .orElse(true);
    }
}
