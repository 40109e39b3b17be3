package cmek.client.anthropic;

import cmek.model.ExternalKeyId;
import cmek.model.WorkspaceId;
import java.util.List;
import java.util.Optional;

/**
 * A workspace.
 *
 * @param externalKeyId the key attached to it, permanently
 * @param userProfileId the user profile that it is bound to; a registration must have the same one, or none as well
 * @param retainsNoData whether Anthropic says that it does not retain the data of inferences
 * @param dataFacts what Anthropic says about where its data is stored and for how long, one line per fact; empty where
 *     it says nothing
 */
public record Workspace(
        WorkspaceId id,
        String name,
        boolean archived,
        Optional<ExternalKeyId> externalKeyId,
        Optional<String> userProfileId,
        boolean retainsNoData,
        List<String> dataFacts) {

    public Workspace {
        dataFacts = List.copyOf(dataFacts);
    }

    /** One that is bound to no user profile and of which nothing is said about the data of inferences. */
    public Workspace(
            WorkspaceId id,
            String name,
            boolean archived,
            Optional<ExternalKeyId> externalKeyId,
            List<String> dataFacts) {
        this(id, name, archived, externalKeyId, Optional.empty(), false, dataFacts);
    }
}
