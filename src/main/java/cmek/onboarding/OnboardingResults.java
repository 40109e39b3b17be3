package cmek.onboarding;

import cmek.finding.Finding;
import cmek.model.OnboardingRequest;
import cmek.result.Result;
import cmek.result.Status;
import java.time.Instant;

/** Results about an onboarding. */
public final class OnboardingResults {

    private OnboardingResults() {}

    /** A fact about an onboarding that goes well. */
    public static Result of(Onboarding onboarding, Step step, Status status, String message, Instant at) {
        return about(onboarding, step, status, message, at).build();
    }

    /** An onboarding that ends because of a finding. */
    public static Result of(Onboarding onboarding, Step step, Status status, Finding finding, Instant at) {
        return about(onboarding, step, status, finding.message(), at)
                .because(finding)
                .build();
    }

    /**
     * The {@code ce-id} of a result: the same for a redelivered duplicate, and for nothing else.
     *
     * @param messageId of the message that the result is about
     * @param replay how often that was replayed
     */
    public static String id(String requestId, String messageId, String step, String status, int replay) {
        String id = String.join(".", requestId, messageId, step, status);
        return replay == 0 ? id : id + "." + replay;
    }

    private static Result.Builder about(Onboarding onboarding, Step step, Status status, String message, Instant at) {
        OnboardingRequest request = onboarding.request();
        return Result.builder(request.requestId(), status, step.function(), message, at)
                .key(request.key().toString())
                .externalKeyId(onboarding.externalKeyId())
                .workspaceId(request.workspaceId())
                .mode(request.mode().word())
                .warnings(onboarding.warnings())
                .steps(onboarding.steps())
                .askedBy(onboarding.messageId(), onboarding.acceptedAt(), onboarding.approval());
    }
}
