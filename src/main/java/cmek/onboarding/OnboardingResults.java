package cmek.onboarding;

import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.model.OnboardingRequest;
import cmek.result.Result;
import cmek.result.Status;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Results about an onboarding. */
public final class OnboardingResults {

    private OnboardingResults() {}

    /** A fact about an onboarding that goes well. */
    public static Result of(Onboarding onboarding, Step step, Status status, String message, Instant at) {
        return about(onboarding, step, status, Optional.empty(), message, List.of(), at);
    }

    /** An onboarding that ends because of a finding. */
    public static Result of(Onboarding onboarding, Step step, Status status, Finding finding, Instant at) {
        return about(onboarding, step, status, Optional.of(finding.reason()), finding.message(), finding.remedy(), at);
    }

    private static Result about(
            Onboarding onboarding,
            Step step,
            Status status,
            Optional<Reason> reason,
            String message,
            List<String> remedy,
            Instant at) {
        OnboardingRequest request = onboarding.request();
        return new Result(
                request.requestId(),
                status,
                step.function(),
                reason,
                message,
                remedy,
                reason.map(Reason::documentation),
                Optional.of(request.key().toString()),
                onboarding.externalKeyId(),
                request.workspaceId(),
                Optional.of(request.mode().word()),
                onboarding.warnings(),
                onboarding.steps(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                at);
    }
}
