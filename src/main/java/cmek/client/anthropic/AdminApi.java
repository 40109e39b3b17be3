package cmek.client.anthropic;

import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.OrganizationId;
import cmek.model.WorkspaceId;
import java.util.List;
import java.util.Optional;

/**
 * The Admin API, as far as this product uses it. Every call may throw {@link cmek.finding.PermanentException}
 * (credential rejected, forbidden or of another organization; a request Anthropic does not accept) and
 * {@link TransientException} (timeout, 429, 5xx, an answer of something in between).
 */
public interface AdminApi {

    /** {@code GET /v1/organizations/me}: the organization that the credential belongs to. */
    OrganizationId organization();

    /**
     * {@code GET /v1/organizations/external_keys}: every registration, all pages, each once, oldest first. There is no call
     * that deletes one: which of several may go is for a person to say.
     */
    List<ExternalKey> externalKeys();

    /**
     * The same as far as the pages can be read, each once, in no order, with those that cannot be read counted: for callers
     * that must not take what is missing for what does not exist.
     */
    Listing<ExternalKey> registrations();

    /**
     * {@code GET /v1/organizations/workspaces}: every workspace, archived ones and the default one too, as far as the pages
     * can be read, each once.
     */
    Listing<Workspace> workspaces();

    /**
     * Whether a workspace is the organization's default one: the one that the list shows only where it is asked for with
     * {@code include_default=true}.
     *
     * @throws TransientException when neither list shows the workspace, as while they lag behind what Anthropic knows by its
     *     id
     */
    boolean isDefaultWorkspace(WorkspaceId id);

    /**
     * {@code POST /v1/organizations/external_keys}, for {@link ExternalKey#GEO}; the registration bears no user profile. The
     * API has no idempotency key, so this is sent once: after {@link TransientException} the registration may or may not
     * exist, and only a list tells.
     */
    ExternalKey createExternalKey(String displayName, CryptoKeyName key);

    /**
     * {@code GET /v1/organizations/external_keys/{id}}; empty when the organization does not have that registration.
     */
    Optional<ExternalKey> externalKey(ExternalKeyId id);

    /** {@code POST /v1/organizations/external_keys/{id}/validate}: a real round trip through the key. */
    Validation validate(ExternalKeyId id);

    /** {@code GET /v1/organizations/workspaces/{id}}; empty when the organization does not have that workspace. */
    Optional<Workspace> workspace(WorkspaceId id);

    /**
     * {@code POST /v1/organizations/workspaces/{id}}: attaches a key, permanently. Sent once.
     *
     * @return the workspace as it is afterwards, or why Anthropic did not attach
     * @throws TransientException also where Anthropic itself does not know whether it attached; only a read tells
     */
    Attachment attach(WorkspaceId workspace, ExternalKeyId key);
}
