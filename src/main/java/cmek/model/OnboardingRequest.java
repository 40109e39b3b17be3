package cmek.model;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A request that was parsed: what a team asks for, with every default filled in except the two that mean "as it is".
 *
 * @param requestId the team's own id, or the id of the incoming message
 * @param protectionLevel what a new key gets and an existing one is compared with; empty takes any that the policy
 *     allows and creates {@link ProtectionLevel#HSM}
 * @param rotationPeriod of a new key; empty means no automatic rotation
 * @param destroyScheduledDuration of a new key; empty means Cloud KMS' default of 30 days
 * @param labels of a new key, beside the organization's
 * @param displayName the registration's name at Anthropic
 * @param workspaceId the workspace to attach the key to, permanently; empty ends the chain after validation
 */
@RegisterForReflection
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

    /** What names a request or a message; safe in a header, a label and a log line. */
    public static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

    public static final int DISPLAY_NAME_AT_MOST = 100;
    public static final Duration ROTATION_AT_LEAST = Duration.ofHours(24);
    public static final Duration ROTATION_AT_MOST = Duration.ofDays(36500);
    public static final Duration DESTROY_AT_LEAST = Duration.ofHours(24);
    public static final Duration DESTROY_AT_MOST = Duration.ofDays(120);

    public OnboardingRequest {
        labels = Map.copyOf(labels);
        require(ID.matcher(requestId).matches(), "requestId", requestId);
        require(isDisplayName(displayName), "displayName", displayName);
        rotationPeriod.ifPresent(
                period -> requireBetween("rotationPeriod", period, ROTATION_AT_LEAST, ROTATION_AT_MOST));
        destroyScheduledDuration.ifPresent(
                duration -> requireBetween("destroyScheduledDuration", duration, DESTROY_AT_LEAST, DESTROY_AT_MOST));
    }

    /** Whether a text can be a registration's name: visible characters on one line. */
    public static boolean isDisplayName(String name) {
        return !name.isBlank()
                && name.codePointCount(0, name.length()) <= DISPLAY_NAME_AT_MOST
                && SafeText.sanitize(name, DISPLAY_NAME_AT_MOST).equals(name);
    }

    private static void requireBetween(String what, Duration value, Duration least, Duration most) {
        require(value.compareTo(least) >= 0 && value.compareTo(most) <= 0, what, value.toString());
    }

    private static void require(boolean holds, String what, String value) {
        if (!holds) {
            throw new IllegalArgumentException("not a valid " + what + ": " + SafeText.quote(value));
        }
    }

    /** The protection level a key made for this request gets. */
    public ProtectionLevel protectionLevelToCreate() {
        return protectionLevel.orElse(ProtectionLevel.HSM);
    }
}
