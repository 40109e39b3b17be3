package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Admin API of one organization of Anthropic's.
 *
 * <p>Where Anthropic does not say what happens, the stricter of the likely answers is simulated: an unknown query
 * parameter or one that is given twice, a second key for a workspace and the deletion of an attached key are 400
 * {@code invalid_request_error}, and two credentials in one call are 401. A second registration of one key is accepted
 * unless {@link #refuseDuplicates} says otherwise. What is documented and not simulated is answered with 501.
 */
public final class AdminSimulator implements Simulator {

    /** The credential that is accepted from the start. */
    public static final String TEST_ADMIN_KEY = "sk-ant-admin01-simulated-and-worth-nothing";

    private static final String API = "admin";
    private static final String ROOT = "/v1/organizations/";
    private static final Set<String> VERSIONS = Set.of("2023-06-01", "2026-10-21");
    private static final String ID_LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final int DEFAULT_LIMIT = 20;
    private static final int KEYS_AT_MOST = 100;
    private static final int WORKSPACES_AT_MOST = 1000;
    private static final int IDS_AT_MOST = 100;
    private static final Set<String> PROVIDERS = Set.of("aws", "azure");
    private static final Set<String> OTHER_WORKSPACE_FIELDS =
            Set.of("data_residency", "display_color", "inference_data_privacy", "name", "tags", "user_profile_id");
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Journal journal;
    private final InstantSource clock;
    private final String organizationId;
    private final KeyRoundTrip roundTrip;

    private final Object lock = new Object();
    private final Set<String> adminKeys = new HashSet<>(Set.of(TEST_ADMIN_KEY));
    private final Set<String> bearerTokens = new HashSet<>();
    private Predicate<String> tokens = token -> false;
    private final Map<String, Registration> registrations = new LinkedHashMap<>();
    private final Map<String, Workspace> workspaces = new LinkedHashMap<>();
    // Two sources, so that the ids of registrations depend on nothing but their order.
    private final SplittableRandom keyIds = new SplittableRandom(1);
    private final SplittableRandom requestIds = new SplittableRandom(2);
    private long lastSequence;
    private int pageSize = Integer.MAX_VALUE;
    private boolean emptyPages;
    private boolean cmek = true;
    private boolean duplicatesRefused;
    private boolean newerFields;
    private boolean byPlace;
    private boolean owing;
    private final Set<String> namedInPolicy = new HashSet<>();
    private final Set<String> userProfiles = new HashSet<>();
    private final Deque<AdminRefusal> nextAttaches = new ArrayDeque<>();
    private boolean approvalWithdrawn;
    private int outcomesUnknown;
    private int validationsTimingOut;
    private String geo = "us";
    private final Set<String> withoutKeys = new HashSet<>();
    private final Set<String> usedElsewhere = new HashSet<>();
    private Duration listLag = Duration.ZERO;

    /**
     * An organization without workspaces or keys.
     *
     * @param kms the customer's Cloud KMS as Anthropic reaches it
     */
    public AdminSimulator(Journal journal, InstantSource clock, String organizationId, Simulator kms) {
        this.journal = journal;
        this.clock = clock;
        this.organizationId = organizationId;
        this.roundTrip = new KeyRoundTrip(kms, organizationId);
    }

    private record Registration(
            long sequence,
            String id,
            @Nullable String displayName,
            JsonNode providerConfig,
            @Nullable String userProfileId,
            String geo,
            Instant createdAt,
            Instant updatedAt) {}

    private record Workspace(
            String id,
            String name,
            Instant createdAt,
            @Nullable Instant archivedAt,
            @Nullable String externalKeyId,
            @Nullable String userProfileId,
            boolean byDefault,
            boolean retainsNoData) {

        Workspace archived(Instant at) {
            return new Workspace(id, name, createdAt, at, externalKeyId, userProfileId, byDefault, retainsNoData);
        }

        Workspace attached(String key) {
            return new Workspace(id, name, createdAt, archivedAt, key, userProfileId, byDefault, retainsNoData);
        }
    }

    /** Where a list of keys goes on: below a registration's number, perhaps after a page with nothing in it. */
    private record Cursor(long below, boolean emptyFirst) {

        private static final String PREFIX = "page_";

        static Cursor parse(String text) {
            try {
                if (text.startsWith(PREFIX) && text.length() > PREFIX.length() + 1) {
                    return new Cursor(
                            Long.parseLong(text.substring(PREFIX.length() + 1), 36),
                            text.charAt(PREFIX.length()) == 'e');
                }
            } catch (NumberFormatException e) {
                // It is none of ours, as below.
            }
            throw AdminRefusal.invalid("page: not a cursor of this list");
        }

        @Override
        public String toString() {
            return PREFIX + (emptyFirst ? 'e' : 'd') + Long.toString(below, 36);
        }
    }

    // --- what is there, and how it behaves -----------------------------------------------------------------------

    /** Accepts one more {@code x-api-key}. */
    public AdminSimulator withCredential(String adminKey) {
        synchronized (lock) {
            adminKeys.add(adminKey);
            return this;
        }
    }

    /** Accepts one more {@code authorization: Bearer} token. */
    public AdminSimulator withBearerToken(String token) {
        synchronized (lock) {
            bearerTokens.add(token);
            return this;
        }
    }

    /** Accepts the short-lived tokens that another gives out, for as long as it says. */
    public AdminSimulator withTokens(Predicate<String> good) {
        synchronized (lock) {
            tokens = good;
            return this;
        }
    }

    /** Accepts a credential of either kind no longer. */
    public AdminSimulator revoke(String credential) {
        synchronized (lock) {
            adminKeys.remove(credential);
            bearerTokens.remove(credential);
            return this;
        }
    }

    public AdminSimulator withWorkspace(String id, String name) {
        synchronized (lock) {
            workspaces.put(id, new Workspace(id, name, clock.instant(), null, null, null, false, false));
            return this;
        }
    }

    /** The organization's default workspace, which lists show only where they are asked for it. */
    public AdminSimulator withDefaultWorkspace(String id) {
        synchronized (lock) {
            workspaces.put(id, new Workspace(id, "Default", clock.instant(), null, null, null, true, false));
            return this;
        }
    }

    /** A workspace that is bound to a user profile. */
    public AdminSimulator withBoundWorkspace(String id, String name, String userProfileId) {
        synchronized (lock) {
            workspaces.put(id, new Workspace(id, name, clock.instant(), null, null, userProfileId, false, false));
            return this;
        }
    }

    /** A workspace that retains no data of inferences. */
    public AdminSimulator withForgetfulWorkspace(String id, String name) {
        synchronized (lock) {
            workspaces.put(id, new Workspace(id, name, clock.instant(), null, null, null, false, true));
            return this;
        }
    }

    /** A Workspace Policy of the Console allows no key on this workspace. */
    public AdminSimulator forbidKeysOn(String workspaceId) {
        synchronized (lock) {
            withoutKeys.add(workspaceId);
            return this;
        }
    }

    /** The organization owes something: nothing is written until it is paid. */
    public AdminSimulator owing(boolean owes) {
        synchronized (lock) {
            owing = owes;
            return this;
        }
    }

    /** The next attaches are made, and answered with 503 {@code change_outcome_unknown}. */
    public AdminSimulator forgetOutcomes(int attaches) {
        synchronized (lock) {
            outcomesUnknown = attaches;
            return this;
        }
    }

    /** The next attaches are not made: another request changed the workspace meanwhile. */
    public AdminSimulator changeConcurrently(int attaches) {
        return refuseAttaches(
                attaches,
                AdminRefusal.conflict("Another request changed the Workspace.")
                        .withCode("workspace_changed_concurrently")
                        .withField("external_key_id"));
    }

    /** The next attaches are not made: an approval of Anthropic's cannot be read. */
    public AdminSimulator losingApprovals(int attaches) {
        return refuseAttaches(attaches, AdminRefusal.approvalUnread());
    }

    private AdminSimulator refuseAttaches(int attaches, AdminRefusal refusal) {
        synchronized (lock) {
            nextAttaches.addAll(Collections.nCopies(attaches, refusal));
            return this;
        }
    }

    /** The next validations, of whatever call, do not come back in time. */
    public AdminSimulator timeOutValidations(int validations) {
        synchronized (lock) {
            validationsTimingOut = validations;
            return this;
        }
    }

    /** Whether Anthropic approves of customer-managed keys for the organization: if it does not any more, what is there stays. */
    public AdminSimulator approved(boolean still) {
        synchronized (lock) {
            approvalWithdrawn = !still;
            return this;
        }
    }

    /** A Workspace Policy of the Console lists the key: it can be neither deleted nor reconfigured. */
    public AdminSimulator nameInPolicy(String externalKeyId) {
        synchronized (lock) {
            namedInPolicy.add(externalKeyId);
            return this;
        }
    }

    /** A user profile that a key can be bound to when it is registered. */
    public AdminSimulator withUserProfile(String userProfileId) {
        synchronized (lock) {
            userProfiles.add(userProfileId);
            return this;
        }
    }

    /** Answers in the API's place with its documented error of this status. */
    public static Fault refusing(int status) {
        return refusing(AdminRefusal.of(status, "as the simulator was told"));
    }

    /** The same with a documented {@code error.details.error_code}. */
    public static Fault refusing(int status, String errorCode) {
        return refusing(AdminRefusal.of(status, "as the simulator was told").withCode(errorCode));
    }

    private static Fault refusing(AdminRefusal refusal) {
        return (call, behind) -> refusal.toReply("req_simulated").withHeader("request-id", "req_simulated");
    }

    /** Registers in this geo, whatever is asked for. */
    public AdminSimulator registeringIn(String otherGeo) {
        synchronized (lock) {
            geo = otherGeo;
            return this;
        }
    }

    /** The id of the project of a number, as Google knows it: a key's name may have either. */
    public AdminSimulator withProjectNumber(String number, String projectId) {
        roundTrip.withProjectNumber(number, projectId);
        return this;
    }

    /**
     * Lists keys by their place: what is registered or deleted between two pages moves the others, so that one on the border
     * comes twice, or never.
     */
    public AdminSimulator listByPlace() {
        synchronized (lock) {
            byPlace = true;
            return this;
        }
    }

    /** Somebody else deletes a registration in the Console. */
    public AdminSimulator forget(String externalKeyId) {
        synchronized (lock) {
            registrations.remove(externalKeyId);
            return this;
        }
    }

    /** An organization that has no workspace and no key, as if it had been founded now. */
    public AdminSimulator foundAnew() {
        synchronized (lock) {
            registrations.clear();
            workspaces.clear();
        }
        return this;
    }

    public AdminSimulator archive(String workspaceId) {
        synchronized (lock) {
            Workspace live = workspace(workspaceId);
            workspaces.put(live.id(), live.archived(clock.instant()));
            return this;
        }
    }

    /** Attaches a registered key as somebody else did long ago, unvalidated, whatever was attached before. */
    public AdminSimulator attach(String workspaceId, String externalKeyId) {
        synchronized (lock) {
            attached(workspace(workspaceId), externalKeyId);
            return this;
        }
    }

    /** Every workspace, archived ones too, in the order they were made. */
    public List<JsonNode> workspaces() {
        synchronized (lock) {
            return workspaces.values().stream().map(this::toJson).collect(Collectors.toUnmodifiableList());
        }
    }

    public Optional<String> attachedKey(String workspaceId) {
        synchronized (lock) {
            return Optional.ofNullable(workspace(workspaceId).externalKeyId());
        }
    }

    /** Every registration, lists' lag notwithstanding, in the order they were made. */
    public List<JsonNode> externalKeys() {
        synchronized (lock) {
            return registrations.values().stream().map(this::toJson).collect(Collectors.toUnmodifiableList());
        }
    }

    /** Registers a key as somebody else, of whatever provider; returns its id. */
    public String register(JsonNode providerConfig, String displayName) {
        synchronized (lock) {
            return registered(providerConfig.deepCopy(), displayName, null).id();
        }
    }

    /** Registers a key of Cloud KMS as somebody else, bound to a user profile; returns its id. */
    public String registerBound(String key, String displayName, String userProfileId) {
        synchronized (lock) {
            return registered(ofKey(key), displayName, userProfileId).id();
        }
    }

    /** Registers a key of Cloud KMS as somebody else; returns its id. */
    public String register(String key, String displayName) {
        return register(ofKey(key), displayName);
    }

    /** The same, created at this time. */
    public String register(String key, String displayName, Instant createdAt) {
        synchronized (lock) {
            return registered(ofKey(key), displayName, null, createdAt).id();
        }
    }

    /** A registration of this id that somebody else made then, under whatever spelling of a key's name. */
    public AdminSimulator withKey(String id, String keyName, Instant createdAt) {
        return withKey(id, ofKey(keyName), null, createdAt);
    }

    /** The same, bound to a user profile. */
    public AdminSimulator withBoundKey(String id, String keyName, String userProfileId, Instant createdAt) {
        return withKey(id, ofKey(keyName), userProfileId, createdAt);
    }

    /** The same of a key of another provider's. */
    public AdminSimulator withForeignKey(String id, String provider) {
        return withKey(id, object(provider), null, clock.instant());
    }

    private AdminSimulator withKey(
            String id, JsonNode providerConfig, @Nullable String userProfileId, Instant createdAt) {
        synchronized (lock) {
            registered(id, providerConfig, "a name", userProfileId, createdAt);
            return this;
        }
    }

    /** Something other than a workspace uses a registered key, such as External Storage. */
    public AdminSimulator useElsewhere(String externalKeyId) {
        synchronized (lock) {
            usedElsewhere.add(externalKeyId);
            return this;
        }
    }

    private static JsonNode ofKey(String key) {
        return JsonNodeFactory.instance.objectNode().put("type", "gcp").put("key_name", key);
    }

    /** Answers with at most so many objects a page, whatever limit is asked for. */
    public AdminSimulator pageSize(int forced) {
        synchronized (lock) {
            pageSize = forced;
            return this;
        }
    }

    /** Puts a page with nothing in it before each page of the list of keys. */
    public AdminSimulator emptyPages(boolean on) {
        synchronized (lock) {
            emptyPages = on;
            return this;
        }
    }

    /** Keeps a fresh registration out of lists for this long; by its id it is found at once. */
    public AdminSimulator listLag(Duration lag) {
        synchronized (lock) {
            listLag = lag;
            return this;
        }
    }

    /** Customer-managed keys are not turned on for the organization. */
    public AdminSimulator withoutCmek() {
        synchronized (lock) {
            cmek = false;
            return this;
        }
    }

    /** They are turned on, as they are from the start. */
    public AdminSimulator withCmek() {
        synchronized (lock) {
            cmek = true;
            return this;
        }
    }

    /** Refuses a second registration of one key with 409 {@code conflict_error}; Anthropic does not say. */
    public AdminSimulator refuseDuplicates() {
        synchronized (lock) {
            duplicatesRefused = true;
            return this;
        }
    }

    /** Answers with the fields that newer replies bear. */
    public AdminSimulator withNewerFields() {
        synchronized (lock) {
            newerFields = true;
            return this;
        }
    }

    // --- the API -------------------------------------------------------------------------------------------------

    @Override
    public Reply answer(Call call) {
        String requestId;
        synchronized (lock) {
            requestId = id("req_", requestIds);
        }
        Reply reply;
        boolean identified = true;
        try {
            reply = Reply.json(200, done(call).toString());
        } catch (AdminRefusal refusal) {
            reply = refusal.toReply(requestId);
            identified = refusal.status() != 401;
        }
        reply = reply.withHeader("request-id", requestId);
        if (identified) {
            reply = reply.withHeader("anthropic-organization-id", organizationId);
        }
        boolean write =
                Set.of("POST", "DELETE").contains(call.method()) && !call.path().endsWith("/validate");
        journal.add(new Journal.Entry(API, call.method() + " " + call.path(), write, reply.status()));
        return reply;
    }

    private ObjectNode done(Call call) {
        authenticate(call);
        if (!VERSIONS.contains(call.header("anthropic-version").orElse(""))) {
            throw AdminRefusal.invalid("anthropic-version: header is required and must be one of "
                    + String.join(", ", new TreeSet<>(VERSIONS)));
        }
        String[] parts = call.path().startsWith(ROOT)
                ? call.path().substring(ROOT.length()).split("/", -1)
                : new String[0];
        if (parts.length == 0 || parts.length > 3) {
            throw AdminRefusal.notSimulated(call.method() + " " + call.path());
        }
        if (parts[0].equals("external_keys") && !cmekIsOn()) {
            throw cmekIsOff();
        }
        String id = parts.length > 1 ? parts[1] : "";
        String verb = parts.length > 2 ? "/{id}/" + parts[2] : parts.length > 1 ? "/{id}" : "";
        return switch (call.method() + " " + parts[0] + verb) {
            case "GET me" -> organization(call);
            case "GET external_keys" -> listKeys(call);
            case "POST external_keys" -> createKey(call);
            case "GET external_keys/{id}" -> getKey(call, id);
            case "POST external_keys/{id}" -> updateKey(call, id);
            case "DELETE external_keys/{id}" -> deleteKey(call, id);
            case "POST external_keys/{id}/validate" -> validateKey(call, id);
            case "GET workspaces" -> listWorkspaces(call);
            case "GET workspaces/{id}" -> getWorkspace(call, id);
            case "POST workspaces/{id}" -> updateWorkspace(call, id);
            default -> throw AdminRefusal.notSimulated(call.method() + " " + call.path());
        };
    }

    private void authenticate(Call call) {
        String bearer = "Bearer ";
        Optional<String> key = call.header("x-api-key");
        Optional<String> token = call.header("authorization")
                .filter(value -> value.startsWith(bearer))
                .map(value -> value.substring(bearer.length()));
        if (key.isPresent() && call.header("authorization").isPresent()) {
            throw AdminRefusal.unauthenticated("only one of x-api-key and authorization is allowed");
        }
        // The newest SDKs send an Admin key as a token.
        String credential = key.or(() -> token)
                .orElseThrow(() -> AdminRefusal.unauthenticated("x-api-key or a bearer token is required"));
        synchronized (lock) {
            if (adminKeys.contains(credential)
                    || (key.isEmpty() && (bearerTokens.contains(credential) || tokens.test(credential)))) {
                return;
            }
        }
        throw credential.startsWith("sk-ant-api")
                ? AdminRefusal.forbidden("This endpoint requires an Admin API key.")
                : AdminRefusal.unauthenticated(key.isPresent() ? "invalid x-api-key" : "invalid bearer token");
    }

    private boolean cmekIsOn() {
        synchronized (lock) {
            return cmek;
        }
    }

    private ObjectNode organization(Call call) {
        onlyParameters(call);
        return object("organization").put("id", organizationId).put("name", "Simulated organization");
    }

    private ObjectNode listKeys(Call call) {
        onlyParameters(call, "limit", "page");
        synchronized (lock) {
            int size = Math.min(limit(call, KEYS_AT_MOST), pageSize);
            Instant visible = clock.instant().minus(listLag);
            List<Registration> rest = new ArrayList<>(registrations.values());
            rest.removeIf(found -> !listLag.isZero() && found.createdAt().isAfter(visible));
            Collections.reverse(rest);
            if (byPlace) {
                return listByPlace(call, size, rest);
            }
            Cursor cursor =
                    call.parameter("page").map(Cursor::parse).orElseGet(() -> new Cursor(Long.MAX_VALUE, emptyPages));
            rest.removeIf(found -> found.sequence() >= cursor.below());
            ObjectNode page = JsonNodeFactory.instance.objectNode();
            ArrayNode data = page.putArray("data");
            if (cursor.emptyFirst() && !rest.isEmpty()) {
                return page.put("next_page", new Cursor(cursor.below(), false).toString());
            }
            List<Registration> shown = rest.subList(0, Math.min(size, rest.size()));
            shown.forEach(registration -> data.add(toJson(registration)));
            return page.put(
                    "next_page",
                    shown.size() < rest.size()
                            ? new Cursor(shown.get(shown.size() - 1).sequence(), emptyPages).toString()
                            : null);
        }
    }

    private ObjectNode listByPlace(Call call, int size, List<Registration> newestFirst) {
        String place = call.parameter("page").orElse("0");
        if (!place.matches("[0-9]{1,9}")) {
            throw AdminRefusal.invalid("page: not a cursor of this list");
        }
        int from = Math.min(Integer.parseInt(place), newestFirst.size());
        int to = Math.min(from + size, newestFirst.size());
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        ArrayNode data = page.putArray("data");
        newestFirst.subList(from, to).forEach(registration -> data.add(toJson(registration)));
        return page.put("next_page", to < newestFirst.size() ? String.valueOf(to) : null);
    }

    private ObjectNode createKey(Call call) {
        onlyParameters(call);
        ObjectNode body = body(call, "display_name", "geo", "provider_config", "user_profile_id");
        requireGeo(body);
        ObjectNode providerConfig = providerConfig(body.path("provider_config"));
        String userProfileId = optionalText(body, "user_profile_id");
        synchronized (lock) {
            requireAllowed();
            if (userProfileId != null && !userProfiles.contains(userProfileId)) {
                throw AdminRefusal.invalid("user_profile_id: no such user profile")
                        .withCode("user_profile_not_found");
            }
            requireUnregistered(providerConfig);
            return toJson(registered(providerConfig, optionalText(body, "display_name"), userProfileId));
        }
    }

    private ObjectNode getKey(Call call, String id) {
        onlyParameters(call);
        synchronized (lock) {
            return toJson(registration(id));
        }
    }

    private ObjectNode updateKey(Call call, String id) {
        onlyParameters(call);
        ObjectNode body = body(call, "display_name", "geo", "provider_config");
        requireGeo(body);
        synchronized (lock) {
            Registration old = registration(id);
            JsonNode providerConfig =
                    body.has("provider_config") ? providerConfig(body.path("provider_config")) : old.providerConfig();
            if (body.has("provider_config")) {
                requireNotInPolicy(id);
            }
            if (!providerConfig.equals(old.providerConfig())) {
                throw AdminRefusal.invalid("provider_config: the key_name of a Google Cloud key cannot be changed");
            }
            Registration updated = new Registration(
                    old.sequence(),
                    id,
                    body.has("display_name") ? optionalText(body, "display_name") : old.displayName(),
                    providerConfig,
                    old.userProfileId(),
                    old.geo(),
                    old.createdAt(),
                    clock.instant());
            registrations.put(id, updated);
            return toJson(updated);
        }
    }

    private ObjectNode deleteKey(Call call, String id) {
        onlyParameters(call);
        synchronized (lock) {
            registration(id);
            requireNotInPolicy(id);
            if (isAttached(id)) {
                throw AdminRefusal.invalid("the key cannot be deleted while a workspace refers to it");
            }
            registrations.remove(id);
            return object("external_key_deleted").put("id", id);
        }
    }

    private ObjectNode validateKey(Call call, String id) {
        onlyParameters(call);
        if (call.body().length > 0) {
            body(call);
        }
        JsonNode providerConfig;
        synchronized (lock) {
            providerConfig = registration(id).providerConfig();
        }
        Optional<String> failure =
                timesOut() ? Optional.of("The validation did not finish in time.") : roundTrip.failure(providerConfig);
        return object("external_key_validation")
                .put("status", failure.isPresent() ? "failure" : "success")
                .put("error", failure.orElse(null));
    }

    private ObjectNode listWorkspaces(Call call) {
        if (call.query().containsKey("before_id")) {
            throw AdminRefusal.notSimulated("before_id");
        }
        onlyParameters(call, "limit", "after_id", "ids[]", "include_archived", "include_default");
        List<String> ids = call.query().getOrDefault("ids[]", List.of());
        if (ids.size() > IDS_AT_MOST) {
            throw AdminRefusal.invalid("ids: at most " + IDS_AT_MOST);
        }
        boolean archivedToo = flag(call, "include_archived");
        boolean defaultToo = flag(call, "include_default");
        synchronized (lock) {
            int size = Math.min(limit(call, WORKSPACES_AT_MOST), pageSize);
            List<Workspace> rest = new ArrayList<>(workspaces.values());
            call.parameter("after_id").ifPresent(after -> {
                if (!workspaces.containsKey(after)) {
                    throw AdminRefusal.invalid("after_id: no such workspace");
                }
                rest.subList(0, rest.indexOf(workspaces.get(after)) + 1).clear();
            });
            rest.removeIf(workspace -> workspace.archivedAt() != null && !archivedToo);
            rest.removeIf(workspace -> workspace.byDefault() && !defaultToo);
            rest.removeIf(workspace -> !ids.isEmpty() && !ids.contains(workspace.id()));
            List<Workspace> shown = rest.subList(0, Math.min(size, rest.size()));
            ObjectNode page = JsonNodeFactory.instance.objectNode();
            ArrayNode data = page.putArray("data");
            shown.forEach(workspace -> data.add(toJson(workspace)));
            return page.put("first_id", shown.isEmpty() ? null : shown.get(0).id())
                    .put(
                            "last_id",
                            shown.isEmpty() ? null : shown.get(shown.size() - 1).id())
                    .put("has_more", shown.size() < rest.size());
        }
    }

    private ObjectNode getWorkspace(Call call, String id) {
        onlyParameters(call);
        synchronized (lock) {
            return toJson(workspace(id));
        }
    }

    private ObjectNode updateWorkspace(Call call, String id) {
        onlyParameters(call);
        ObjectNode body = body(
                call,
                Stream.concat(OTHER_WORKSPACE_FIELDS.stream(), Stream.of("external_key_id"))
                        .toArray(String[]::new));
        OTHER_WORKSPACE_FIELDS.stream().filter(body::has).sorted().findFirst().ifPresent(field -> {
            throw AdminRefusal.notSimulated("a change of " + field);
        });
        Registration wanted;
        synchronized (lock) {
            Workspace workspace = workspace(id);
            if (!body.has("external_key_id")) {
                return toJson(workspace);
            }
            String keyId = body.path("external_key_id").textValue();
            if (keyId == null) {
                throw AdminRefusal.invalid("external_key_id: must be a string");
            }
            if (hasAlready(workspace, keyId)) {
                return toJson(workspace);
            }
            requireAllowed();
            if (!cmek) {
                throw cmekIsOff();
            }
            if (!nextAttaches.isEmpty()) {
                throw nextAttaches.remove();
            }
            if (withoutKeys.contains(id)) {
                throw AdminRefusal.invalid("The workspace policy does not allow this key.")
                        .withCode("workspace_policy_violation")
                        .withField("external_key_id");
            }
            Registration found = registrations.get(keyId);
            if (found == null) {
                throw AdminRefusal.invalid("external_key_id: no such external key");
            }
            if (!Objects.equals(found.userProfileId(), workspace.userProfileId())) {
                throw AdminRefusal.invalid("The key and the workspace have different user profiles.")
                        .withCode("key_profile_mismatch");
            }
            wanted = found;
        }
        // Not under the lock: the customer's Cloud KMS may take its time, and the APIs goes on.
        if (timesOut()) {
            throw AdminRefusal.invalid("The validation of the external key did not finish in time.")
                    .withCode("external_key_validation_timed_out");
        }
        Optional<String> failure = roundTrip.failure(wanted.providerConfig());
        if (failure.isPresent()) {
            throw AdminRefusal.invalid("The external key could not be validated: " + failure.get())
                    .withCode("external_key_validation_failed");
        }
        synchronized (lock) {
            Workspace workspace = workspace(id);
            if (hasAlready(workspace, wanted.id())) {
                return toJson(workspace);
            }
            Registration now = registrations.get(wanted.id());
            if (now == null || !now.providerConfig().equals(wanted.providerConfig())) {
                throw AdminRefusal.conflict("The external key changed while it was being attached.")
                        .withCode("external_key_changed");
            }
            Workspace attached = attached(workspace, wanted.id());
            if (outcomesUnknown > 0) {
                outcomesUnknown--;
                throw AdminRefusal.of(503, "It is not known whether the change was made.")
                        .withCode("change_outcome_unknown");
            }
            return toJson(attached);
        }
    }

    /** Whether the workspace has this very key; one that has another, or is archived, takes none. */
    private static boolean hasAlready(Workspace workspace, String externalKeyId) {
        if (workspace.archivedAt() != null) {
            throw AdminRefusal.invalid("the workspace is archived");
        }
        if (workspace.externalKeyId() == null) {
            return false;
        }
        if (!workspace.externalKeyId().equals(externalKeyId)) {
            throw AdminRefusal.invalid("external_key_id: cannot be changed once it is set");
        }
        return true;
    }

    // --- what it keeps (under the lock) --------------------------------------------------------------------------

    private Registration registration(String id) {
        Registration registration = registrations.get(id);
        if (registration == null) {
            throw AdminRefusal.notFound("no such external key");
        }
        return registration;
    }

    private Workspace workspace(String id) {
        Workspace workspace = workspaces.get(id);
        if (workspace == null) {
            throw AdminRefusal.notFound("no such workspace");
        }
        return workspace;
    }

    private static AdminRefusal cmekIsOff() {
        return AdminRefusal.forbidden("Customer-managed encryption keys are not enabled for your organization.");
    }

    /** Nothing is written for an organization that owes something, or is not approved any more. */
    private void requireAllowed() {
        if (owing) {
            throw AdminRefusal.of(402, "Your organization has an unpaid invoice.");
        }
        if (approvalWithdrawn) {
            throw AdminRefusal.invalid("Customer-managed encryption keys are not approved for your organization.")
                    .withCode("cmek_not_approved");
        }
    }

    private void requireNotInPolicy(String externalKeyId) {
        if (namedInPolicy.contains(externalKeyId)) {
            throw AdminRefusal.invalid("The Workspace Policy lists this external key as an allowed key.")
                    .withCode("external_key_in_workspace_policy");
        }
    }

    private boolean timesOut() {
        synchronized (lock) {
            return validationsTimingOut > 0 && validationsTimingOut-- > 0;
        }
    }

    private Registration registered(
            JsonNode providerConfig, @Nullable String displayName, @Nullable String userProfileId) {
        return registered(providerConfig, displayName, userProfileId, clock.instant());
    }

    private Registration registered(
            JsonNode providerConfig, @Nullable String displayName, @Nullable String userProfileId, Instant now) {
        return registered(id("ekey_01", keyIds), providerConfig, displayName, userProfileId, now);
    }

    private Registration registered(
            String id,
            JsonNode providerConfig,
            @Nullable String displayName,
            @Nullable String userProfileId,
            Instant now) {
        Registration registration =
                new Registration(++lastSequence, id, displayName, providerConfig, userProfileId, geo, now, now);
        registrations.put(id, registration);
        return registration;
    }

    private Workspace attached(Workspace to, String externalKeyId) {
        Workspace workspace = to.attached(externalKeyId);
        workspaces.put(workspace.id(), workspace);
        return workspace;
    }

    private boolean isAttached(String externalKeyId) {
        return usedElsewhere.contains(externalKeyId)
                || workspaces.values().stream().anyMatch(workspace -> externalKeyId.equals(workspace.externalKeyId()));
    }

    private void requireUnregistered(JsonNode providerConfig) {
        if (duplicatesRefused
                && registrations.values().stream()
                        .anyMatch(other -> other.providerConfig().equals(providerConfig))) {
            throw AdminRefusal.conflict("the key is registered already");
        }
    }

    private static String id(String prefix, SplittableRandom random) {
        StringBuilder id = new StringBuilder(prefix);
        random.ints(22, 0, ID_LETTERS.length()).forEach(letter -> id.append(ID_LETTERS.charAt(letter)));
        return id.toString();
    }

    // --- what is on the wire -------------------------------------------------------------------------------------

    private ObjectNode toJson(Registration registration) {
        ObjectNode json = object("external_key")
                .put("id", registration.id())
                .put("display_name", registration.displayName())
                .put("geo", registration.geo())
                .put("created_at", registration.createdAt().toString())
                .put("updated_at", registration.updatedAt().toString());
        json.putObject("attachment").put("type", isAttached(registration.id()) ? "attached" : "unattached");
        json.set("provider_config", registration.providerConfig().deepCopy());
        if (newerFields || registration.userProfileId() != null) {
            json.put("user_profile_id", registration.userProfileId());
        }
        return json;
    }

    private ObjectNode toJson(Workspace workspace) {
        Instant archivedAt = workspace.archivedAt();
        ObjectNode json = object("workspace")
                .put("id", workspace.id())
                .put("name", workspace.name())
                .put("display_color", "#6C5BB9")
                .put("created_at", workspace.createdAt().toString())
                .put("archived_at", archivedAt == null ? null : archivedAt.toString())
                .put(
                        "compartment_id",
                        UUID.nameUUIDFromBytes(workspace.id().getBytes(UTF_8)).toString())
                .put("external_key_id", workspace.externalKeyId());
        json.putObject("tags");
        json.putObject("data_residency")
                .put("workspace_geo", "us")
                .put("allowed_inference_geos", "unrestricted")
                .put("default_inference_geo", "global");
        if (newerFields || workspace.userProfileId() != null) {
            json.put("user_profile_id", workspace.userProfileId());
        }
        if (newerFields || workspace.retainsNoData()) {
            json.putObject("inference_data_retention")
                    .put("type", workspace.retainsNoData() ? "disabled" : "inherited");
        }
        return json;
    }

    private static ObjectNode object(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private static ObjectNode body(Call call, String... fields) {
        if (!call.header("content-type").orElse("").startsWith("application/json")) {
            throw AdminRefusal.invalid("content-type: must be application/json");
        }
        JsonNode body;
        try {
            body = JSON.readTree(call.body());
        } catch (IOException e) {
            throw AdminRefusal.invalid("the body is not valid JSON");
        }
        if (!(body instanceof ObjectNode object)) {
            throw AdminRefusal.invalid("the body must be a JSON object");
        }
        requireClosed("", object, fields);
        return object;
    }

    private static void requireClosed(String where, ObjectNode object, String... fields) {
        Set<String> unknown = new TreeSet<>();
        object.fieldNames().forEachRemaining(unknown::add);
        List.of(fields).forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw AdminRefusal.invalid(where + String.join(", ", unknown) + ": Extra inputs are not permitted");
        }
    }

    private static ObjectNode providerConfig(JsonNode value) {
        if (!(value instanceof ObjectNode config)) {
            throw AdminRefusal.invalid("provider_config: must be an object");
        }
        String type = config.path("type").textValue();
        if (type != null && PROVIDERS.contains(type)) {
            throw AdminRefusal.notSimulated("a key of " + type);
        }
        if (!"gcp".equals(type)) {
            throw AdminRefusal.invalid("provider_config.type: must be one of aws, azure, gcp");
        }
        requireClosed("provider_config.", config, "type", "key_name");
        String keyName = config.path("key_name").textValue();
        if (keyName == null || !KeyRoundTrip.KEY_NAME.matcher(keyName).matches()) {
            throw AdminRefusal.invalid("provider_config.key_name: must be the full resource name of a crypto key");
        }
        return config;
    }

    private static void requireGeo(ObjectNode body) {
        if (body.has("geo") && !"us".equals(body.path("geo").textValue())) {
            throw AdminRefusal.invalid("geo: must be 'us'");
        }
    }

    private static @Nullable String optionalText(ObjectNode body, String field) {
        JsonNode value = body.path(field);
        if (!value.isTextual() && !value.isNull() && !value.isMissingNode()) {
            throw AdminRefusal.invalid(field + ": must be a string");
        }
        return value.textValue();
    }

    private static void onlyParameters(Call call, String... names) {
        Set<String> unknown = new TreeSet<>(call.query().keySet());
        List.of(names).forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw AdminRefusal.invalid(String.join(", ", unknown) + ": no such query parameter");
        }
        call.query().forEach((name, values) -> {
            if (values.size() > 1 && !name.endsWith("[]")) {
                throw AdminRefusal.invalid(name + ": given more than once");
            }
        });
    }

    private static int limit(Call call, int atMost) {
        String text = call.parameter("limit").orElse(String.valueOf(DEFAULT_LIMIT));
        if (text.matches("[1-9][0-9]{0,3}") && Integer.parseInt(text) <= atMost) {
            return Integer.parseInt(text);
        }
        throw AdminRefusal.invalid("limit: must be between 1 and " + atMost);
    }

    private static boolean flag(Call call, String name) {
        return switch (call.parameter(name).orElse("false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw AdminRefusal.invalid(name + ": must be true or false");
        };
    }
}
