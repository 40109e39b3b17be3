package cmek.scan;

import cmek.check.KeyUse;
import cmek.finding.Finding;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.WorkspaceId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A registration of a Cloud KMS key, with what Anthropic's lists say about its use.
 *
 * @param attached whether Anthropic says that some workspace refers to it
 * @param workspaces those that do, archived ones too
 * @param standing what these lists show to be wrong
 * @param firstRegisteredAt when the oldest registration of the key was created; empty where that is not known
 * @param attachedElsewhere whether Anthropic says that some workspace refers to another registration of the key
 * @param workspacesElsewhere those that do, archived ones too
 */
@RegisterForReflection
public record RegisteredKey(
        ExternalKeyId id,
        String displayName,
        CryptoKeyName key,
        boolean attached,
        List<WorkspaceUse> workspaces,
        List<Finding> standing,
        Optional<Instant> firstRegisteredAt,
        boolean attachedElsewhere,
        List<WorkspaceUse> workspacesElsewhere) {

    public RegisteredKey {
        workspaces = List.copyOf(workspaces);
        standing = List.copyOf(standing);
        workspacesElsewhere = List.copyOf(workspacesElsewhere);
    }

    /** The only registration of its key, created at a time that is not known. */
    public RegisteredKey(
            ExternalKeyId id,
            String displayName,
            CryptoKeyName key,
            boolean attached,
            List<WorkspaceUse> workspaces,
            List<Finding> standing) {
        this(id, displayName, key, attached, workspaces, standing, Optional.empty(), false, List.of());
    }

    /**
     * How Anthropic uses the key, by all its registrations.
     *
     * @param seen what an earlier check saw of it
     */
    KeyUse use(Optional<KeyUse.Seen> seen) {
        return new KeyUse(
                true,
                firstRegisteredAt,
                attached || attachedElsewhere,
                Stream.concat(workspaces.stream(), workspacesElsewhere.stream())
                        .map(WorkspaceUse::described)
                        .toList(),
                seen);
    }

    /** A workspace that keeps its data under a key. */
    @RegisterForReflection
    public record WorkspaceUse(WorkspaceId id, String name, boolean archived) {

        /** As a person knows it. */
        public String described() {
            return id + " (" + name + (archived ? ", archived)" : ")");
        }
    }
}
