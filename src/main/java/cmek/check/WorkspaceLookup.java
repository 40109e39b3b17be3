package cmek.check;

import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.ExternalKey;
import cmek.client.anthropic.Workspace;
import cmek.finding.AnthropicFindings;
import cmek.finding.Finding;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.WorkspaceId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Looks whether a key can be attached to a workspace, or is already. */
@Singleton
public final class WorkspaceLookup {

    private final AdminApi anthropic;

    @Inject
    public WorkspaceLookup(AdminApi anthropic) {
        this.anthropic = anthropic;
    }

    /** What a workspace's state means for attaching one key to it. */
    public sealed interface Readiness {

        /** The workspace is live and has no key. */
        record Available(Workspace workspace) implements Readiness {}

        /**
         * The key is attached to it already.
         *
         * @param registration the one of the key's registrations that the workspace refers to
         */
        record AlreadyAttached(ExternalKeyId registration) implements Readiness {}

        /** The key can not be attached to it, now or ever. */
        record NotAttachable(Finding finding) implements Readiness {}
    }

    /** Reads the workspace and, where it has a key, which one that is. */
    public Readiness inspect(WorkspaceId id, CryptoKeyName key) {
        Optional<Workspace> workspace = anthropic.workspace(id);
        if (workspace.isEmpty()) {
            return new Readiness.NotAttachable(AnthropicFindings.workspaceNotFound(id));
        }
        Optional<ExternalKeyId> attached = workspace.get().externalKeyId();
        if (attached.isPresent()) {
            return isOf(key, attached.get())
                    ? new Readiness.AlreadyAttached(attached.get())
                    : new Readiness.NotAttachable(AnthropicFindings.workspaceHasOtherKey(id, attached.get()));
        }
        return workspace.get().archived()
                ? new Readiness.NotAttachable(AnthropicFindings.workspaceArchived(id))
                : new Readiness.Available(workspace.get());
    }

    /** Anthropic compares registrations, a team means keys: one key may have been registered more than once. */
    private boolean isOf(CryptoKeyName key, ExternalKeyId registration) {
        return anthropic.externalKey(registration).flatMap(ExternalKey::key).equals(Optional.of(key));
    }
}
