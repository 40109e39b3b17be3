package cmek.check;

import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.ExternalKey;
import cmek.client.anthropic.Workspace;
import cmek.finding.Finding;
import cmek.finding.Findings;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.WorkspaceId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Looks whether a key can be attached to a workspace, or is already. */
@Singleton
public final class WorkspaceLookup {

    private final AdminApi vendor;

    @Inject
    public WorkspaceLookup(AdminApi vendor) {
        this.vendor = vendor;
    }

    /** What a workspace's state means for attaching one key to it. */
    public sealed interface Readiness {

        /** The workspace is live and has no key. */
        record Free(Workspace workspace) implements Readiness {}

        /**
         * The key is attached to it already.
         *
         * @param registration the one of the key's registrations that the workspace refers to
         */
        record Attached(ExternalKeyId registration) implements Readiness {}

        /** The key can not be attached to it, now or ever. */
        record Closed(Finding finding) implements Readiness {}
    }

    /** Reads the workspace and, where it has a key, which one that is. */
    public Readiness inspect(WorkspaceId id, CryptoKeyName key) {
        Optional<Workspace> workspace = vendor.workspace(id);
        if (workspace.isEmpty()) {
            return new Readiness.Closed(Findings.workspaceNotFound(id));
        }
        Optional<ExternalKeyId> attached = workspace.get().externalKeyId();
        if (attached.isPresent()) {
            return isOf(key, attached.get())
                    ? new Readiness.Attached(attached.get())
                    : new Readiness.Closed(Findings.workspaceHasOtherKey(id, attached.get()));
        }
        return workspace.get().archived()
                ? new Readiness.Closed(Findings.workspaceArchived(id))
                : new Readiness.Free(workspace.get());
    }

    /** The vendor compares registrations, a team means keys: one key may have been registered more than once. */
    private boolean isOf(CryptoKeyName key, ExternalKeyId registration) {
        return vendor.externalKey(registration).flatMap(ExternalKey::key).equals(Optional.of(key));
    }
}
