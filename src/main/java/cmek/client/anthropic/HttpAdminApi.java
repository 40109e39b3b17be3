package cmek.client.anthropic;

import cmek.client.http.Bulkhead;
import cmek.client.http.HttpAnswer;
import cmek.client.http.Paging;
import cmek.client.http.RestAnswer;
import cmek.client.http.RestClients;
import cmek.client.http.Retry;
import cmek.config.CmekConfig;
import cmek.finding.AnthropicFindings;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.OrganizationId;
import cmek.model.SafeText;
import cmek.model.TypedKeyName;
import cmek.model.WorkspaceId;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The Admin API over HTTP. */
@Singleton
final class HttpAdminApi implements AdminApi {

    private static final Logger LOG = Logger.getLogger(HttpAdminApi.class);
    private static final int PAGE_SIZE = 100;
    private static final int WORKSPACES_A_PAGE = 1000;

    /** Of a hundred thousand registrations or a million workspaces; a longer list is none that ends. */
    private static final int PAGES_AT_MOST = 1000;

    /** Pages may be empty, or repeat what others that register meanwhile moved; so many in a row lead nowhere. */
    private static final int PAGES_WITHOUT_NEWS_AT_MOST = 50;

    private static final int TEXT_SHOWN = 500;
    private static final Comparator<ExternalKey> OLDEST_FIRST = Comparator.comparing(ExternalKey::createdAt)
            .thenComparing(found -> found.id().value());
    private static final String ORGANIZATION_HEADER = "anthropic-organization-id";

    private final AdminHttp http;
    private final ValidateHttp validation;
    private final AnthropicAuth credentials;
    private final Retry retry;
    private final Bulkhead bulkhead;
    private final OrganizationId organization;

    @Inject
    HttpAdminApi(
            RestClients clients,
            AnthropicAuth credentials,
            Retry retry,
            CmekConfig config,
            OrganizationId organization) {
        this(
                clients.client(AdminHttp.class, config.anthropic().baseUrl()),
                clients.longRunningClient(ValidateHttp.class, config.anthropic().baseUrl()),
                credentials,
                retry,
                config,
                organization);
    }

    HttpAdminApi(
            AdminHttp http,
            ValidateHttp validation,
            AnthropicAuth credentials,
            Retry retry,
            CmekConfig config,
            OrganizationId organization) {
        this.http = http;
        this.validation = validation;
        this.credentials = credentials;
        this.retry = retry;
        this.bulkhead = new Bulkhead("the Admin API", config.concurrency());
        this.organization = organization;
    }

    @Override
    public OrganizationId organization() {
        String operation = "GET /v1/organizations/me";
        HttpAnswer answer = retry.repeatable(() -> succeeded(operation, http::organization));
        String id = read(operation, answer, AdminApiJson.Organization.class).id();
        if (id == null) {
            throw unreadable(operation);
        }
        try {
            return new OrganizationId(id);
        } catch (IllegalArgumentException e) {
            throw new PermanentException(AnthropicFindings.wrongOrganization(organization, id));
        }
    }

    @Override
    public List<ExternalKey> externalKeys() {
        Listing<ExternalKey> all = registrations();
        all.interrupted().ifPresent(cause -> {
            throw cause;
        });
        return all.items().stream().sorted(OLDEST_FIRST).toList();
    }

    @Override
    public Listing<ExternalKey> registrations() {
        String operation = "GET /v1/organizations/external_keys";
        Pages<ExternalKey> pages = new Pages<>(operation, found -> found.id().value());
        return pages.read(cursor -> {
            HttpAnswer answer = retry.repeatable(
                    () -> succeeded(operation, credential -> http.externalKeys(credential, PAGE_SIZE, cursor)));
            AdminApiJson.Page wire = read(operation, answer, AdminApiJson.Page.class);
            if (wire.data() == null) {
                // A page without its list must not be taken for an empty one: the key would be registered once more.
                throw unreadable(operation);
            }
            wire.data().forEach(found -> pages.add(toExternalKey(found), found == null ? null : found.id()));
            // An empty page may be followed by others, so only the cursor marks the end.
            return wire.nextPage();
        });
    }

    @Override
    public Listing<Workspace> workspaces() {
        return workspaces(true);
    }

    @Override
    public boolean isDefaultWorkspace(WorkspaceId id) {
        // Nothing marks the default one but that it is not in the list for which it was not asked.
        return !shows(workspaces(false), id) && isShownWithTheDefault(id);
    }

    private boolean isShownWithTheDefault(WorkspaceId id) {
        if (shows(workspaces(true), id)) {
            return true;
        }
        throw new TransientException(
                Reason.ANTHROPIC_UNAVAILABLE,
                "Anthropic does not list the workspace " + id
                        + " yet, so it is not known whether it is the organization's default workspace",
                null);
    }

    private static boolean shows(Listing<Workspace> listing, WorkspaceId id) {
        boolean shown = listing.items().stream().anyMatch(found -> found.id().equals(id));
        if (!shown) {
            listing.interrupted().ifPresent(cause -> {
                throw cause;
            });
        }
        return shown;
    }

    private Listing<Workspace> workspaces(boolean withTheDefault) {
        String operation = "GET /v1/organizations/workspaces";
        Pages<Workspace> pages = new Pages<>(operation, found -> found.id().value());
        return pages.read(after -> {
            HttpAnswer answer = retry.repeatable(() -> succeeded(
                    operation,
                    credential -> http.workspaces(credential, WORKSPACES_A_PAGE, true, withTheDefault, after)));
            AdminApiJson.WorkspacePageJson wire = read(operation, answer, AdminApiJson.WorkspacePageJson.class);
            if (wire.data() == null) {
                throw unreadable(operation);
            }
            wire.data().forEach(found -> pages.add(toWorkspace(found), found == null ? null : found.id()));
            if (!Boolean.TRUE.equals(wire.hasMore())) {
                return null;
            }
            if (orEmpty(wire.lastId()).isEmpty()) {
                throw unreadable(operation);
            }
            return wire.lastId();
        });
    }

    @Override
    public ExternalKey createExternalKey(String displayName, CryptoKeyName name) {
        String operation = "POST /v1/organizations/external_keys";
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("display_name", displayName)
                .put("geo", ExternalKey.GEO);
        body.putObject("provider_config").put("type", "gcp").put("key_name", name.toString());
        HttpAnswer answer = succeeded(operation, credential -> http.createExternalKey(credential, body.toString()));
        // An answer about another key says nothing of this one: the next attempt lists what there is.
        return toExternalKey(read(operation, answer, AdminApiJson.Key.class))
                .filter(made -> made.key().equals(Optional.of(name)))
                .orElseThrow(() -> unreadable(operation));
    }

    @Override
    public Optional<ExternalKey> externalKey(ExternalKeyId id) {
        String operation = "GET /v1/organizations/external_keys/" + id;
        return retry.repeatable(() -> {
            HttpAnswer answer = answered(operation, credential -> http.externalKey(credential, id.value()));
            return isAbsent(answer)
                    ? Optional.empty()
                    : Optional.of(toExternalKey(read(operation, success(operation, answer), AdminApiJson.Key.class))
                            .filter(found -> found.id().equals(id))
                            .orElseThrow(() -> unreadable(operation)));
        });
    }

    @Override
    public Validation validate(ExternalKeyId id) {
        String operation = "POST /v1/organizations/external_keys/" + id + "/validate";
        // Not repeated here: it may have taken a minute already, and the event will be delivered again.
        HttpAnswer answer = succeeded(operation, credential -> validation.validate(credential, id.value(), "{}"));
        AdminApiJson.Validated wire = read(operation, answer, AdminApiJson.Validated.class);
        if ("success".equals(wire.status())) {
            return new Validation.Success();
        }
        if ("failure".equals(wire.status())) {
            String text = wire.error() == null ? "no reason given" : SafeText.sanitize(wire.error(), TEXT_SHOWN);
            String requestId = answer.header("request-id")
                    .map(header -> " (request-id " + SafeText.sanitize(header, 80) + ")")
                    .orElse("");
            return new Validation.Failure(text + requestId);
        }
        throw unreadable(operation);
    }

    @Override
    public Optional<Workspace> workspace(WorkspaceId id) {
        String operation = "GET /v1/organizations/workspaces/" + id;
        return retry.repeatable(() -> {
            HttpAnswer answer = answered(operation, credential -> http.workspace(credential, id.value()));
            if (isAbsent(answer)) {
                return Optional.empty();
            }
            return Optional.of(toWorkspace(operation, id, success(operation, answer)));
        });
    }

    @Override
    public Attachment attach(WorkspaceId workspace, ExternalKeyId id) {
        String operation = "POST /v1/organizations/workspaces/" + workspace;
        String body = JsonNodeFactory.instance
                .objectNode()
                .put("external_key_id", id.value())
                .toString();
        HttpAnswer answer = answered(operation, credential -> http.attach(credential, workspace.value(), body));
        if (answer.isSuccess()) {
            return new Attachment.Attached(toWorkspace(operation, workspace, answer));
        }
        AdminApiError error = new AdminApiError(answer);
        return switch (error.code()) {
            case "external_key_validation_failed" -> new Attachment.ValidationFailed(error.text());
            case "external_key_validation_timed_out" ->
                throw error.toUnavailable(operation).turnedAway();
            case "key_profile_mismatch" ->
                new Attachment.Refused(AnthropicFindings.keyProfileMismatch(workspace, id, error.text()));
            case "workspace_policy_violation" ->
                new Attachment.Refused(AnthropicFindings.workspacePolicyViolation(workspace, id, error.text()));
            default -> {
                if (error.status() == 409) {
                    yield new Attachment.Changed();
                }
                throw error.toException(operation);
            }
        };
    }

    // --- calls ---------------------------------------------------------------------------------------------------

    private HttpAnswer succeeded(String operation, Function<AuthHeaders, Response> call) {
        return success(operation, answered(operation, call));
    }

    /** A 404 of a proxy, or of an address that is wrong, says nothing about what was asked for. */
    private static boolean isAbsent(HttpAnswer answer) {
        return answer.status() == 404 && new AdminApiError(answer).isNotFound();
    }

    private static HttpAnswer success(String operation, HttpAnswer answer) {
        if (!answer.isSuccess()) {
            throw new AdminApiError(answer).toException(operation);
        }
        return answer;
    }

    /** One call; a second one only where the first was refused for its credential, which therefore did nothing. */
    private HttpAnswer answered(String operation, Function<AuthHeaders, Response> call) {
        AuthHeaders credential = credentials.current();
        HttpAnswer answer = sent(operation, credential, call);
        return answer.status() == 401 && credentials.renew(credential)
                ? sent(operation, credentials.current(), call)
                : answer;
    }

    private HttpAnswer sent(String operation, AuthHeaders credential, Function<AuthHeaders, Response> call) {
        HttpAnswer answer;
        try {
            answer = bulkhead.within(() -> RestAnswer.to(() -> call.apply(credential)));
        } catch (IOException e) {
            LOG.debugf("%s was not answered: %s", operation, e.getMessage());
            throw new TransientException(
                    Reason.ANTHROPIC_UNAVAILABLE, operation + " was not answered: " + e.getMessage(), null);
        }
        String actual = answer.header(ORGANIZATION_HEADER).orElse(organization.value());
        LOG.debugf(
                "%s -> %d, request-id %s",
                operation,
                answer.status(),
                SafeText.sanitize(answer.header("request-id").orElse("none"), 80));
        if (!actual.equals(organization.value())) {
            throw new PermanentException(AnthropicFindings.wrongOrganization(organization, actual));
        }
        return answer;
    }

    // --- what is on the wire -------------------------------------------------------------------------------------

    private static <T> T read(String operation, HttpAnswer answer, Class<T> type) {
        return answer.as(type).orElseThrow(() -> unreadable(operation));
    }

    private static TransientException unreadable(String operation) {
        return new TransientException(
                Reason.ANTHROPIC_UNAVAILABLE, operation + " was answered with something that cannot be read", null);
    }

    /** A registration that cannot be read cannot be used; the others still count. */
    private static Optional<ExternalKey> toExternalKey(AdminApiJson.@Nullable Key wire) {
        if (wire == null) {
            return Optional.empty();
        }
        try {
            AdminApiJson.Provider provider = wire.provider();
            return Optional.of(new ExternalKey(
                    new ExternalKeyId(orEmpty(wire.id())),
                    SafeText.sanitize(orEmpty(wire.displayName()), TEXT_SHOWN),
                    provider == null ? "" : SafeText.sanitize(orEmpty(provider.type()), 40),
                    provider == null ? "" : SafeText.sanitize(orEmpty(provider.keyName()), TEXT_SHOWN),
                    provider == null ? Optional.empty() : keyName(provider),
                    wire.attachment() != null
                            && "attached".equals(wire.attachment().type()),
                    createdAt(wire),
                    said(wire.userProfileId()),
                    said(wire.geo())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * One without a time of creation counts as the youngest; if it were left out, its key would be registered twice.
     */
    private static Instant createdAt(AdminApiJson.Key wire) {
        try {
            return Instant.parse(orEmpty(wire.createdAt()));
        } catch (DateTimeException e) {
            return Instant.MAX;
        }
    }

    /** A registration may have been made by hand, and Anthropic keeps the name as it was typed. */
    private static Optional<CryptoKeyName> keyName(AdminApiJson.Provider provider) {
        return ExternalKey.GOOGLE.equals(provider.type())
                ? TypedKeyName.read(orEmpty(provider.keyName())).flatMap(TypedKeyName::canonical)
                : Optional.empty();
    }

    private static Optional<String> said(@Nullable String value) {
        return Optional.ofNullable(value)
                .map(text -> SafeText.sanitize(text, 100))
                .filter(text -> !text.isBlank());
    }

    private static Workspace toWorkspace(String operation, WorkspaceId id, HttpAnswer answer) {
        // A workspace with a key that we cannot read must never look like one without a key.
        return toWorkspace(read(operation, answer, AdminApiJson.WorkspaceJson.class))
                .filter(found -> found.id().equals(id))
                .orElseThrow(() -> unreadable(operation));
    }

    private static Optional<Workspace> toWorkspace(AdminApiJson.@Nullable WorkspaceJson wire) {
        if (wire == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Workspace(
                    new WorkspaceId(orEmpty(wire.id())),
                    SafeText.sanitize(orEmpty(wire.name()), TEXT_SHOWN),
                    wire.archivedAt() != null,
                    Optional.ofNullable(wire.externalKeyId()).map(ExternalKeyId::new),
                    said(wire.userProfileId()),
                    wire.inferenceDataRetention() != null
                            && wire.inferenceDataRetention()
                                    .path("type")
                                    .asText("")
                                    .equals("disabled"),
                    Stream.of(
                                    fact("data residency", wire.dataResidency()),
                                    fact("inference data retention", wire.inferenceDataRetention()))
                            .flatMap(Optional::stream)
                            .toList()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** In a fixed order, whatever the order of Anthropic's fields. */
    private static Optional<String> fact(String name, @Nullable JsonNode value) {
        return value == null || value.isNull()
                ? Optional.empty()
                // The same text occurs in thousands of workspaces.
                : Optional.of((name + " " + SafeText.sanitize(sorted(value), TEXT_SHOWN)).intern());
    }

    private static String sorted(JsonNode value) {
        if (!value.isObject()) {
            return value.toString();
        }
        return value.properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(field -> field.getKey() + "=" + sorted(field.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /**
     * Reads page after page, as far as possible. An item that others move from one page to the next while it is read, or
     * that Anthropic repeats, is one item: the newest reading of it counts.
     */
    private static final class Pages<T> {

        private final Map<String, T> items = new LinkedHashMap<>();
        private final Set<String> unreadable = new LinkedHashSet<>();
        private final Function<T, String> id;
        private final Paging paging;

        Pages(String operation, Function<T, String> id) {
            this.id = id;
            this.paging =
                    new Paging(operation, Reason.ANTHROPIC_UNAVAILABLE, PAGES_AT_MOST, PAGES_WITHOUT_NEWS_AT_MOST);
        }

        void add(Optional<T> item, @Nullable String named) {
            item.ifPresentOrElse(found -> note(items.put(id.apply(found), found) == null), () -> {
                LOG.warnf("an item in a list from Anthropic cannot be read");
                note(unreadable.add(SafeText.sanitize(orEmpty(named), 80)));
            });
        }

        private void note(boolean isNew) {
            if (isNew) {
                paging.hasNews();
            }
        }

        Listing<T> read(UnaryOperator<@Nullable String> page) {
            Optional<TransientException> interrupted = Optional.empty();
            try {
                String cursor = null;
                do {
                    cursor = page.apply(cursor);
                    // An empty page counts as one without news here: others may follow it, but not without end.
                } while (paging.goesOn(cursor, 1));
            } catch (TransientException e) {
                interrupted = Optional.of(e);
            }
            return new Listing<>(List.copyOf(items.values()), List.copyOf(unreadable), interrupted);
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
