package cmek.fake;

import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.Attachment;
import cmek.client.anthropic.ExternalKey;
import cmek.client.anthropic.Listing;
import cmek.client.anthropic.Validation;
import cmek.client.anthropic.Workspace;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.OrganizationId;
import cmek.model.WorkspaceId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The Admin API in memory; every call is noted. */
public final class FakeAdminApi implements AdminApi {

    private final List<ExternalKey> externalKeys = new ArrayList<>();
    private final Map<WorkspaceId, Workspace> workspaces = new HashMap<>();
    private final Deque<Validation> validations = new ArrayDeque<>();
    private final List<String> calls = new ArrayList<>();
    private final List<String> unreadable = new ArrayList<>();
    private final List<String> unreadableWorkspaces = new ArrayList<>();
    private Optional<TransientException> interrupted = Optional.empty();
    private Optional<TransientException> workspacesInterrupted = Optional.empty();
    private Optional<RuntimeException> failure = Optional.empty();
    private OrganizationId organization;
    private Runnable beforeCreate = () -> {};
    private Optional<Attachment> attachment = Optional.empty();
    private Optional<RuntimeException> credentialFault = Optional.empty();
    private boolean keeps;

    public FakeAdminApi(OrganizationId organization) {
        this.organization = organization;
    }

    // --- what is there -------------------------------------------------------------------------------------------

    public FakeAdminApi withOrganization(OrganizationId other) {
        organization = other;
        return this;
    }

    public FakeAdminApi withExternalKey(String id, CryptoKeyName key, boolean attached, Instant createdAt) {
        return withExternalKey(id, key, "a name", attached, createdAt);
    }

    public FakeAdminApi withExternalKey(
            String id, CryptoKeyName key, String displayName, boolean attached, Instant createdAt) {
        externalKeys.add(
                new ExternalKey(new ExternalKeyId(id), displayName, "gcp", Optional.of(key), attached, createdAt));
        return this;
    }

    /** Something happens between Anthropic's list and the create that follows. */
    public FakeAdminApi beforeCreate(Runnable event) {
        beforeCreate = event;
        return this;
    }

    public FakeAdminApi withWorkspace(WorkspaceId id, boolean archived, Optional<ExternalKeyId> attached) {
        workspaces.put(id, new Workspace(id, "Payments", archived, attached, List.of()));
        return this;
    }

    /** Somebody changes what a workspace's data is subject to. */
    public FakeAdminApi withDataFacts(WorkspaceId id, String... facts) {
        workspaces.computeIfPresent(
                id, (same, now) -> new Workspace(id, now.name(), now.archived(), now.externalKeyId(), List.of(facts)));
        return this;
    }

    /** The next validations come to this, in this order; all later ones succeed. A failure lasts when it is asked again. */
    public FakeAdminApi nextValidations(Validation... answers) {
        for (Validation answer : answers) {
            validations.add(answer);
            if (answer instanceof Validation.Failure) {
                validations.add(answer);
            }
        }
        return this;
    }

    /** The next validation answers this, and the one after it succeeds. */
    public FakeAdminApi failingOnce(Validation.Failure answer) {
        validations.add(answer);
        return this;
    }

    /** Anthropic answers the question for our organization with this. */
    public FakeAdminApi credentialFails(RuntimeException fault) {
        credentialFault = Optional.of(fault);
        return this;
    }

    /** A registration that shall be deleted is in use by then. */
    public FakeAdminApi keepingWhatIsDeleted() {
        keeps = true;
        return this;
    }

    /** An attach answers this and attaches nothing. */
    public FakeAdminApi attachAnswers(Attachment answer) {
        attachment = Optional.of(answer);
        return this;
    }

    /** A registration of a provider's, without a key in Cloud KMS. */
    public FakeAdminApi withForeignKey(String id, String provider) {
        externalKeys.add(new ExternalKey(
                new ExternalKeyId(id), "a foreign name", provider, Optional.empty(), true, Instant.EPOCH));
        return this;
    }

    /** A registration that cannot be read. */
    public FakeAdminApi withUnreadableKey(String id) {
        unreadable.add(id);
        return this;
    }

    /** A workspace that cannot be read. */
    public FakeAdminApi withUnreadableWorkspace(String id) {
        unreadableWorkspaces.add(id);
        return this;
    }

    /** The list of registrations ends after those that are there now, for this reason. */
    public FakeAdminApi interruptedBy(TransientException cause) {
        interrupted = Optional.of(cause);
        return this;
    }

    /** The same with the list of workspaces. */
    public FakeAdminApi workspacesInterruptedBy(TransientException cause) {
        workspacesInterrupted = Optional.of(cause);
        return this;
    }

    /** Every page can be had again. */
    public FakeAdminApi recovered() {
        interrupted = Optional.empty();
        workspacesInterrupted = Optional.empty();
        failure = Optional.empty();
        return this;
    }

    /** Every call ends like this. */
    public FakeAdminApi failingWith(RuntimeException cause) {
        failure = Optional.of(cause);
        return this;
    }

    private void unavailable() {
        failure.ifPresent(cause -> {
            throw cause;
        });
    }

    /** Every call that is not a mere read, in order. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    public Workspace stored(WorkspaceId id) {
        return Objects.requireNonNull(workspaces.get(id), "no such workspace");
    }

    // --- the client ----------------------------------------------------------------------------------------------

    @Override
    public OrganizationId organization() {
        if (credentialFault.isPresent()) {
            throw credentialFault.get();
        }
        return organization;
    }

    @Override
    public List<ExternalKey> externalKeys() {
        return List.copyOf(externalKeys);
    }

    @Override
    public Listing<ExternalKey> registrations() {
        unavailable();
        return new Listing<>(externalKeys, unreadable, interrupted);
    }

    @Override
    public Listing<Workspace> workspaces() {
        unavailable();
        return new Listing<>(List.copyOf(workspaces.values()), unreadableWorkspaces, workspacesInterrupted);
    }

    @Override
    public ExternalKey createExternalKey(String displayName, CryptoKeyName key) {
        calls.add("create " + key + " as " + displayName);
        beforeCreate.run();
        withExternalKey("ekey_new" + externalKeys.size(), key, displayName, false, Sample.NOW);
        return externalKeys.get(externalKeys.size() - 1);
    }

    @Override
    public Optional<ExternalKey> externalKey(ExternalKeyId id) {
        return externalKeys.stream().filter(key -> key.id().equals(id)).findFirst();
    }

    @Override
    public boolean deleteExternalKey(ExternalKeyId id) {
        calls.add("delete " + id);
        return !keeps && externalKeys.removeIf(key -> key.id().equals(id) && !key.attached());
    }

    @Override
    public Validation validate(ExternalKeyId id) {
        unavailable();
        calls.add("validate " + id);
        return validations.isEmpty() ? new Validation.Success() : validations.remove();
    }

    @Override
    public Optional<Workspace> workspace(WorkspaceId id) {
        return Optional.ofNullable(workspaces.get(id));
    }

    @Override
    public Attachment attach(WorkspaceId workspace, ExternalKeyId key) {
        calls.add("attach " + key + " to " + workspace);
        if (attachment.isPresent()) {
            return attachment.get();
        }
        withWorkspace(workspace, false, Optional.of(key));
        return new Attachment.Attached(stored(workspace));
    }
}
