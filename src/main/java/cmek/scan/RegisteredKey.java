package cmek.scan;

import cmek.finding.Finding;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.WorkspaceId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * A registration of a Cloud KMS key, with what Anthropic's lists say about its use.
 *
 * @param attached whether Anthropic says that some workspace refers to it
 * @param workspaces those that do, archived ones too
 * @param standing what these lists show to be wrong
 */
@RegisterForReflection
public record RegisteredKey(
        ExternalKeyId id,
        String displayName,
        CryptoKeyName key,
        boolean attached,
        List<WorkspaceUse> workspaces,
        List<Finding> standing) {

    public RegisteredKey {
        workspaces = List.copyOf(workspaces);
        standing = List.copyOf(standing);
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
