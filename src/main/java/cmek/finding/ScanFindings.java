package cmek.finding;

import cmek.model.CryptoKeyName;
import cmek.model.EventTime;
import cmek.model.ExternalKeyId;
import cmek.model.SafeText;
import cmek.model.WorkspaceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** What only a scan finds, in keys that are already in use. */
public final class ScanFindings {

    private ScanFindings() {}

    public static Finding registeredNotAttached(CryptoKeyName key, ExternalKeyId registration) {
        return new Finding(
                Reason.REGISTERED_NOT_ATTACHED,
                "the key " + key + " is registered as " + registration + " and no workspace refers to it",
                List.of("publish a request for " + key
                        + " with a workspaceId and acknowledgePermanent, or, if the key is"
                        + " not needed, delete the registration " + registration + " in Anthropic's Console, unless "
                        + Instructions.OTHER_USES));
    }

    /** A registration that nobody uses, of a key that is attached by another registration. */
    public static Finding secondRegistrationNotAttached(CryptoKeyName key, ExternalKeyId registration) {
        return new Finding(
                Reason.REGISTERED_NOT_ATTACHED,
                "the key " + key + " is registered as " + registration
                        + " and no workspace refers to that registration;"
                        + " another registration of the key is attached",
                List.of("delete the registration " + registration + " in Anthropic's Console, unless "
                        + Instructions.OTHER_USES));
    }

    public static Finding workspaceWithoutKey(WorkspaceId workspace, String name) {
        return new Finding(
                Reason.WORKSPACE_WITHOUT_KEY,
                "the workspace " + workspace + " (" + SafeText.sanitize(name, 100) + ") has no customer-managed key",
                List.of(
                        "publish a request with workspaceId " + workspace + " and acknowledgePermanent",
                        "if it is the organization's default workspace, rather leave it without a key: with one, the"
                                + " organization's webhooks stop"));
    }

    /**
     * A rotation that is overdue.
     *
     * @param due when Cloud KMS should have created a new primary version
     */
    public static Finding rotationOverdue(CryptoKeyName key, Instant due) {
        return new Finding(
                Reason.ROTATION_OVERDUE,
                "the key " + key + " was due to rotate at " + EventTime.written(due) + " but has not",
                List.of(GcloudCommands.createPrimaryVersion(key), GcloudCommands.describeKey(key)));
    }

    /**
     * A key of which nothing was learned.
     *
     * @param why a few words; not a finding about the key
     */
    public static Finding notReached(CryptoKeyName key, String why) {
        return new Finding(
                Reason.NOT_REACHED,
                "the key " + key + " could not be checked: " + SafeText.sanitize(why, 300),
                List.of(
                        GcloudCommands.describeKey(key),
                        "check the log of function scanKey, then start another scan:",
                        GcloudCommands.startScan()));
    }

    /**
     * The same with what an outside API said.
     *
     * @param cause its own finding, whose remedy is the way out
     */
    public static Finding notReached(CryptoKeyName key, Finding cause) {
        return new Finding(
                Reason.NOT_REACHED,
                "the key " + key + " could not be checked: " + cause.reason() + ", " + cause.message(),
                cause.remedy());
    }

    /** Registered for Google Cloud, with a name that is not valid. */
    public static Finding registrationUnreadable(String id) {
        return new Finding(
                Reason.NOT_REACHED,
                "the registration " + (id.isEmpty() ? "without an id" : id) + " cannot be read and was not checked",
                List.of("check the registration in Anthropic's Console"));
    }

    /** A workspace of the list that cannot be read. */
    public static Finding workspaceUnreadable(String id) {
        return new Finding(
                Reason.NOT_REACHED,
                "the workspace " + (id.isEmpty() ? "without an id" : id) + " cannot be read and was not checked",
                List.of("check the workspace in Anthropic's Console"));
    }

    /**
     * Pages of a list that could not be read.
     *
     * @param what {@code registrations} or {@code workspaces}
     */
    public static Finding listIncomplete(String what, Reason reason, String why) {
        return new Finding(
                reason,
                "not all " + what + " could be listed: " + SafeText.sanitize(why, 300),
                List.of("wait until Anthropic answers again, then start another scan:", GcloudCommands.startScan()));
    }

    public static Finding archivedWorkspacesOnly(CryptoKeyName key, List<WorkspaceId> archived) {
        return new Finding(
                Reason.ARCHIVED_WORKSPACES_ONLY,
                "the key " + key + " is attached only to archived workspaces: " + joined(archived),
                List.of("keep the key for as long as their data may be needed: without the key, that data is lost"));
    }

    public static Finding registrationMissing(WorkspaceId workspace, String name, ExternalKeyId registration) {
        return new Finding(
                Reason.REGISTRATION_MISSING,
                "the workspace " + workspace + " (" + SafeText.sanitize(name, 100) + ") refers to " + registration
                        + ", which is not among the organization's registrations",
                List.of("ask Anthropic's support for the registration " + registration
                        + "; the scan cannot check the key behind it"));
    }

    public static Finding revokedOnPurpose(CryptoKeyName key, String label, String value) {
        return new Finding(
                Reason.REVOKED_ON_PURPOSE,
                "the key " + key + " is labelled " + label + "=" + value
                        + ": it was revoked on purpose; it is only checked for lost data and unexpected principals",
                List.of(
                        "to end the revocation, enable its versions and grants again and remove the label:",
                        GcloudCommands.removeLabel(key, label)));
    }

    /**
     * Another process takes away what was restored.
     *
     * @param lost the reason that occurred again
     * @param seenAt when that was seen
     * @param note the object that keeps it from being restored again
     */
    public static Finding repairContested(CryptoKeyName key, Reason lost, Instant seenAt, String note) {
        return new Finding(
                Reason.REPAIR_CONTESTED,
                lost + " of " + key + " was repaired and has occurred again, which was seen at "
                        + EventTime.written(seenAt) + ": somebody removes it; the key will not be repaired any more",
                List.of(
                        GcloudCommands.adminActivity(key),
                        "find out who changes the key and agree with them; if Anthropic should have access, publish an"
                                + " onboarding request for the key; to let the scan repair the key again:",
                        GcloudCommands.deleteObject(note)));
    }

    /**
     * Versions that will be destroyed, and what is lost with them.
     *
     * @param versions their numbers, each with the time at which it will be destroyed
     * @param lost what is lost with them, as a person is told; empty when no workspace refers to the key
     */
    public static Finding destructionScheduled(
            CryptoKeyName key, SortedMap<Long, Optional<Instant>> versions, String lost) {
        List<String> remedy = new ArrayList<>();
        versions.keySet().forEach(number -> {
            remedy.add(GcloudCommands.version("restore", key, number));
            remedy.add(GcloudCommands.version("enable", key, number));
        });
        String which = versions.entrySet().stream()
                .map(version -> "version " + version.getKey()
                        + version.getValue()
                                .map(time -> " will be destroyed at " + EventTime.written(time))
                                .orElse(""))
                .collect(Collectors.joining(", "));
        return new Finding(
                Reason.KEY_VERSION_DESTROY_SCHEDULED,
                "destruction is scheduled on " + key + ": " + which + "; "
                        + (lost.isEmpty() ? "no workspace refers to the key" : lost),
                remedy);
    }

    /** Keys that nobody checked before the scan was reported on. */
    public static Finding notAllSeen(int missed, int expected) {
        return new Finding(
                Reason.NOT_REACHED,
                missed + " of " + expected + (missed == 1 ? " keys was" : " keys were") + " not checked in time",
                List.of("check the log of function scanKey, then start another scan:", GcloudCommands.startScan()));
    }

    /** Nowhere to store what is found. */
    public static Finding noEvidenceBucket() {
        return new Finding(
                Reason.NOT_REACHED,
                "cmek.evidence.bucket is not set, so nothing can be stored",
                List.of("set CMEK_EVIDENCE_BUCKET to the name of a Cloud Storage bucket"));
    }

    /** Bytes that none of our functions would have sent. */
    public static Finding unreadable(String function, String why) {
        return new Finding(
                Reason.UNREADABLE,
                "the message cannot be read by " + function + ": " + why,
                List.of("nothing to do unless it was published by hand"));
    }

    /** A function of the scan that failed after all retries. */
    public static Finding retriesExhausted(String function) {
        return new Finding(
                Reason.RETRIES_EXHAUSTED,
                function + " failed after all retries",
                List.of(
                        "find the last cause in the log of function " + function + ", fix it, then start another scan:",
                        GcloudCommands.startScan()));
    }

    private static String joined(List<WorkspaceId> ids) {
        return String.join(", ", ids.stream().map(WorkspaceId::toString).toList());
    }
}
