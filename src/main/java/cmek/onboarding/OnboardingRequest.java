package cmek.onboarding;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A request that was understood: what a team asks for, with every default filled in but the two that mean "as it is".
 *
 * @param requestId the team's own id, else the id of the message that came in
 * @param protectionLevel what a new key gets and an existing one is compared with; empty takes any that the policy allows
 *     and creates {@link ProtectionLevel#HSM}
 * @param rotationPeriod of a new key; empty means no automatic rotation
 * @param destroyScheduledDuration of a new key; empty means Cloud KMS' default of 30 days
 * @param labels of a new key, beside the organization's
 * @param displayName the registration's name at the vendor
 * @param workspaceId the workspace to attach the key to, for ever; empty ends the chain after validation
 */
public record OnboardingRequest(
        String requestId,
        Mode mode,
        CryptoKeyName key,
        Optional<ProtectionLevel> protectionLevel,
        Optional<Duration> rotationPeriod,
        Optional<Duration> destroyScheduledDuration,
        Map<String, String> labels,
        String displayName,
        Optional<WorkspaceId> workspaceId,
        boolean acknowledgePermanent) {

    public OnboardingRequest {
        labels = Map.copyOf(labels);
    }

    /** The protection level a key made for this request gets. */
    public ProtectionLevel protectionLevelToCreate() {
        return protectionLevel.orElse(ProtectionLevel.HSM);
    }
}
