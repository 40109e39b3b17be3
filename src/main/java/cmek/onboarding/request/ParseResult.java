package cmek.onboarding.request;

import cmek.finding.Finding;
import cmek.model.OnboardingRequest;
import java.util.List;

/** What became of the bytes of a request. */
public sealed interface ParseResult {

    /** The id under which the team waits for its answer: its own if it could be read, else the message's. */
    String requestId();

    /** A request that may go on. */
    record Accepted(OnboardingRequest request) implements ParseResult {

        @Override
        public String requestId() {
            return request.requestId();
        }
    }

    /**
     * A request that must be fixed first.
     *
     * @param finding all violations in one
     */
    record Rejected(String requestId, Finding finding, List<Violation> violations) implements ParseResult {

        public Rejected {
            violations = List.copyOf(violations);
        }
    }

    /**
     * One thing that is wrong with a request.
     *
     * @param field its path, such as {@code key.location}; empty where it is the request as a whole
     */
    record Violation(String field, Finding finding) {}
}
