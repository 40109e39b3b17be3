package cmek.onboarding.state;

import cmek.finding.Actor;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.Severity;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.Json;
import cmek.model.Mode;
import cmek.model.OnboardingRequest;
import cmek.model.ProtectionLevel;
import cmek.model.WorkspaceId;
import cmek.onboarding.Approval;
import cmek.onboarding.Onboarding;
import cmek.result.ApprovalWanted;
import cmek.result.Result;
import cmek.result.Status;
import cmek.result.StepOutcome;
import cmek.result.StepReport;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;

/**
 * How our own words are written as JSON, and read again from the event of the step before. Every word within a word is named
 * here, for a native executable knows by reflection only what it was told of.
 */
@RegisterForReflection(
        targets = {
            Actor.class,
            Approval.class,
            ApprovalWanted.class,
            Approvals.Asked.class,
            CryptoKeyName.class,
            TerminalResult.class,
            ExternalKeyId.class,
            Finding.class,
            Mode.class,
            Onboarding.class,
            OnboardingRequest.class,
            ProtectionLevel.class,
            Reason.class,
            Result.class,
            Severity.class,
            Status.class,
            StepOutcome.class,
            StepReport.class,
            WorkspaceId.class
        })
public final class OnboardingJson {

    private OnboardingJson() {}

    /**
     * Reads the event of the step before.
     *
     * @throws IOException when these bytes are not such an event
     */
    public static Onboarding onboarding(byte[] bytes) throws IOException {
        return Json.read(bytes, Onboarding.class);
    }
}
