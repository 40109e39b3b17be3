package cmek.client.anthropic;

import cmek.model.ExternalKeyId;
import cmek.model.WorkspaceId;
import java.util.List;
import java.util.Optional;

/**
 * A workspace.
 *
 * @param externalKeyId the key attached to it, permanently
 * @param dataFacts what Anthropic says about where its data is stored and for how long, one line per fact; empty where
 *     it says nothing
 */
public record Workspace(
        WorkspaceId id, String name, boolean archived, Optional<ExternalKeyId> externalKeyId, List<String> dataFacts) {

    public Workspace {
        dataFacts = List.copyOf(dataFacts);
    }
}
