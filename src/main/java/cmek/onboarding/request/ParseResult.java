package cmek.onboarding.request;

import cmek.finding.Finding;
import cmek.model.OnboardingRequest;

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

    /** A request that must be fixed first. */
    record Rejected(String requestId, Finding finding) implements ParseResult {}
}
