package cmek.client.anthropic;

import cmek.onboarding.ExternalKeyId;
import cmek.onboarding.WorkspaceId;
import java.util.Optional;

/**
 * A workspace.
 *
 * @param externalKeyId the key attached to it, for ever
 */
public record Workspace(WorkspaceId id, String name, boolean archived, Optional<ExternalKeyId> externalKeyId) {}
