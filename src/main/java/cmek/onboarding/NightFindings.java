package cmek.onboarding;

import java.time.Instant;
import java.util.List;

/** What only shows when a key is looked at again, in words; the sister of {@link Findings}. */
public final class NightFindings {

    private NightFindings() {}

    public static Finding registeredNotAttached(CryptoKeyName key, ExternalKeyId registration) {
        return new Finding(
                Reason.REGISTERED_NOT_ATTACHED,
                "the key " + key + " is registered as " + registration + " and no workspace refers to it",
                List.of("publish a request for " + key + " with a workspaceId and acknowledgePermanent, or delete the"
                        + " registration " + registration + " in the vendor's Console if the key is not needed"));
    }

    public static Finding workspaceWithoutKey(WorkspaceId workspace, String name) {
        return new Finding(
                Reason.WORKSPACE_WITHOUT_KEY,
                "the workspace " + workspace + " (" + Text.plain(name, 100) + ") has no customer-managed key",
                List.of("publish a request with workspaceId " + workspace + " and acknowledgePermanent"));
    }

    /**
     * A rotation that should have happened did not.
     *
     * @param due when Cloud KMS was to make a new primary version
     */
    public static Finding rotationOverdue(CryptoKeyName key, Instant due) {
        return new Finding(
                Reason.ROTATION_OVERDUE,
                "the key " + key + " was to rotate at " + due + " and has not",
                List.of(Commands.createPrimaryVersion(key), Commands.describeKey(key)));
    }

    /**
     * A key of which nothing was learned.
     *
     * @param why a few words; not a finding about the key
     */
    public static Finding notReached(CryptoKeyName key, String why) {
        return new Finding(
                Reason.NOT_REACHED,
                "the key " + key + " could not be looked at: " + Text.plain(why, 300),
                List.of(
                        Commands.describeKey(key),
                        "look into the log of function inspectKey, and let the night run again"));
    }
}
