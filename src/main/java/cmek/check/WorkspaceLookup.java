package cmek.check;

import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.ExternalKey;
import cmek.client.anthropic.Workspace;
import cmek.client.project.Lookup;
import cmek.finding.AnthropicFindings;
import cmek.finding.Finding;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.WorkspaceId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Function;

/** Looks whether a key can be attached to a workspace, or is already. */
@Singleton
public final class WorkspaceLookup {

    private final AdminApi anthropic;
    private final KeyNames names;

    @Inject
    public WorkspaceLookup(AdminApi anthropic, KeyNames names) {
        this.anthropic = anthropic;
        this.names = names;
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
        return inspect(id, key, anthropic::externalKey);
    }

    /**
     * The same.
     *
     * @param registrations gives a registration that somebody may have read already
     */
    public Readiness inspect(
            WorkspaceId id, CryptoKeyName key, Function<ExternalKeyId, Optional<ExternalKey>> registrations) {
        Optional<Workspace> workspace = anthropic.workspace(id);
        if (workspace.isEmpty()) {
            return new Readiness.NotAttachable(AnthropicFindings.workspaceNotFound(id));
        }
        Optional<ExternalKeyId> attached = workspace.get().externalKeyId();
        if (attached.isPresent()) {
            return attached(id, key, attached.get(), registrations.apply(attached.get()));
        }
        return workspace.get().archived()
                ? new Readiness.NotAttachable(AnthropicFindings.workspaceArchived(id))
                : new Readiness.Available(workspace.get());
    }

    /**
     * Anthropic compares registrations, a team means keys: one key may have been registered more than once, and under the
     * number of its project.
     */
    private Readiness attached(
            WorkspaceId id, CryptoKeyName key, ExternalKeyId registration, Optional<ExternalKey> found) {
        if (found.isPresent() && (found.get().key().isPresent() || KeyNames.mayBe(key, found.get()))) {
            Lookup<CryptoKeyName> name = names.keyOf(found.get());
            if (name.equals(new Lookup.Known<>(key))) {
                return new Readiness.AlreadyAttached(registration);
            }
            if (name instanceof Lookup.Unknown<CryptoKeyName> unknown) {
                return new Readiness.NotAttachable(AnthropicFindings.workspaceHasUnknownKey(
                        id,
                        AnthropicFindings.registrationNotCanonical(
                                registration, found.get().keyName(), unknown.why())));
            }
        }
        return new Readiness.NotAttachable(AnthropicFindings.workspaceHasOtherKey(id, registration));
    }
}
