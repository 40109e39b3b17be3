package cmek.client.anthropic;

import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.OrganizationId;
import cmek.model.WorkspaceId;
import java.util.List;
import java.util.Optional;

/**
 * The Admin API, as far as this product uses it. Every call may throw {@link cmek.finding.PermanentException}
 * (credential rejected, forbidden or of another organization; a request Anthropic does not accept) and
 * {@link cmek.finding.TransientException} (timeout, 429, 5xx).
 */
public interface AdminApi {

    /** {@code GET /v1/organizations/me}: the organization that the credential belongs to. */
    OrganizationId organization();

    /** {@code GET /v1/organizations/external_keys}: every registration, all pages, oldest first. */
    List<ExternalKey> externalKeys();

    /**
     * The same as far as the pages can be read, in no order, with those that cannot be read counted: for callers that must
     * not take what is missing for what does not exist.
     */
    Listing<ExternalKey> registrations();

    /**
     * {@code GET /v1/organizations/workspaces}: every workspace, archived ones and the default one too, as far as the pages
     * can be read.
     */
    Listing<Workspace> workspaces();

    /**
     * {@code POST /v1/organizations/external_keys}. The API has no idempotency key, so this is sent once: after
     * {@link cmek.finding.TransientException} the registration may or may not exist, and only a list tells.
     */
    ExternalKey createExternalKey(String displayName, CryptoKeyName key);

    /**
     * {@code GET /v1/organizations/external_keys/{id}}; empty when the organization does not have that registration.
     */
    Optional<ExternalKey> externalKey(ExternalKeyId id);

    /**
     * {@code DELETE /v1/organizations/external_keys/{id}}: deletes a registration that no workspace refers to;
     * Anthropic refuses to delete any other. The key in Cloud KMS is not touched.
     *
     * @return false when Anthropic refused; true when it is deleted, also if it was deleted before
     */
    boolean deleteExternalKey(ExternalKeyId id);

    /** {@code POST /v1/organizations/external_keys/{id}/validate}: a real round trip through the key. */
    Validation validate(ExternalKeyId id);

    /** {@code GET /v1/organizations/workspaces/{id}}; empty when the organization does not have that workspace. */
    Optional<Workspace> workspace(WorkspaceId id);

    /**
     * {@code POST /v1/organizations/workspaces/{id}}: attaches a key, permanently. Sent once.
     *
     * @return the workspace as it is afterwards, or why Anthropic did not attach
     */
    Attachment attach(WorkspaceId workspace, ExternalKeyId key);
}
