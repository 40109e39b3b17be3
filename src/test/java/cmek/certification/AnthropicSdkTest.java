package cmek.certification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import cmek.simulator.AdminSimulator;
import cmek.simulator.Call;
import cmek.simulator.Gate;
import cmek.simulator.Journal;
import cmek.simulator.Reply;
import cmek.simulator.SimulatedApis;
import cmek.simulator.SimulatorServer;
import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.ConflictException;
import com.anthropic.errors.ContentTooLargeException;
import com.anthropic.errors.GatewayTimeoutException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.NotImplementedException;
import com.anthropic.errors.OverloadedException;
import com.anthropic.errors.PaymentRequiredException;
import com.anthropic.errors.PermissionDeniedException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.ServiceUnavailableException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.models.ErrorType;
import com.anthropic.models.organization.ChangeOutcomeUnknownException;
import com.anthropic.models.organization.OrganizationInfo;
import com.anthropic.models.organization.externalkeys.ExternalKey;
import com.anthropic.models.organization.externalkeys.ExternalKeyChangedException;
import com.anthropic.models.organization.externalkeys.ExternalKeyCreateParams;
import com.anthropic.models.organization.externalkeys.ExternalKeyDeleteResponse;
import com.anthropic.models.organization.externalkeys.ExternalKeyInWorkspacePolicyException;
import com.anthropic.models.organization.externalkeys.ExternalKeyListParams;
import com.anthropic.models.organization.externalkeys.ExternalKeyUpdateParams;
import com.anthropic.models.organization.externalkeys.ExternalKeyValidateResponse;
import com.anthropic.models.organization.externalkeys.ExternalKeyValidationFailedException;
import com.anthropic.models.organization.externalkeys.ExternalKeyValidationTimedOutException;
import com.anthropic.models.organization.workspaces.KeyProfileMismatchException;
import com.anthropic.models.organization.workspaces.Workspace;
import com.anthropic.models.organization.workspaces.WorkspaceListParams;
import com.anthropic.models.organization.workspaces.WorkspacePolicyViolationException;
import com.anthropic.models.organization.workspaces.WorkspaceUpdateParams;
import com.anthropic.models.userprofiles.UserProfileNotFoundException;
import com.anthropic.services.blocking.OrganizationService;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The simulated Admin API as Anthropic's own Java SDK understands it, with its validation of answers on. It leaves
 * {@code target/certification/anthropic.csv}: call, client, outcome, and whether it is as documented.
 */
class AnthropicSdkTest {

    private static final String CLIENT = "com.anthropic:anthropic-java";
    private static final String SAME = "yes";
    private static final Path REPORT = Path.of("target/certification/anthropic.csv");
    private static final String KEY =
            "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/payments";
    private static final String WORKSPACE = "wrkspc_01payments";
    private static final String NONE = "ekey_01none";

    private static final String ORGANIZATION = "GET /v1/organizations/me";
    private static final String CREATE = "POST /v1/organizations/external_keys";
    private static final String KEYS = "GET /v1/organizations/external_keys";
    private static final String READ_KEY = "GET /v1/organizations/external_keys/{id}";
    private static final String UPDATE_KEY = "POST /v1/organizations/external_keys/{id}";
    private static final String DELETE_KEY = "DELETE /v1/organizations/external_keys/{id}";
    private static final String VALIDATE = "POST /v1/organizations/external_keys/{id}/validate";
    private static final String WORKSPACES = "GET /v1/organizations/workspaces";
    private static final String READ_WORKSPACE = "GET /v1/organizations/workspaces/{id}";
    private static final String ATTACH = "POST /v1/organizations/workspaces/{id}";

    /** Each call of the product, and those that people use to fix something. */
    private static final Map<String, Consumer<OrganizationService>> CALLS = new LinkedHashMap<>();

    static {
        CALLS.put(ORGANIZATION, OrganizationService::retrieve);
        CALLS.put(CREATE, sdk -> sdk.externalKeys().create(registration().build()));
        CALLS.put(KEYS, sdk -> sdk.externalKeys().list());
        CALLS.put(READ_KEY, sdk -> sdk.externalKeys().retrieve(NONE));
        CALLS.put(UPDATE_KEY, sdk -> sdk.externalKeys().update(NONE, renaming()));
        CALLS.put(DELETE_KEY, sdk -> sdk.externalKeys().delete(NONE));
        CALLS.put(VALIDATE, sdk -> sdk.externalKeys().validate(NONE));
        CALLS.put(WORKSPACES, sdk -> sdk.workspaces().list());
        CALLS.put(READ_WORKSPACE, sdk -> sdk.workspaces().retrieve(WORKSPACE));
        CALLS.put(ATTACH, sdk -> sdk.workspaces().update(WORKSPACE, attaching(NONE)));
    }

    /** The class that the SDK throws for each documented status. */
    private static final Map<Integer, Class<? extends AnthropicServiceException>> STATUSES = Map.ofEntries(
            Map.entry(400, BadRequestException.class),
            Map.entry(401, UnauthorizedException.class),
            Map.entry(402, PaymentRequiredException.class),
            Map.entry(403, PermissionDeniedException.class),
            Map.entry(404, NotFoundException.class),
            Map.entry(409, ConflictException.class),
            Map.entry(413, ContentTooLargeException.class),
            Map.entry(429, RateLimitException.class),
            Map.entry(500, InternalServerException.class),
            Map.entry(502, InternalServerException.class),
            Map.entry(503, ServiceUnavailableException.class),
            Map.entry(504, GatewayTimeoutException.class),
            Map.entry(529, OverloadedException.class));

    /** What the simulator answers and the SDK does not know, with the reason. */
    private static final Map<String, String> DIFFERENCES = Map.of(
            "request_too_large",
            "documented, and not one of the types that the SDK of this version knows",
            "inference_data_retention",
            "the SDK of this version does not have the field, which newer replies may bear; the product reads it where it is");

    private static final List<String> ROWS = new ArrayList<>(List.of("call,client,outcome,as documented"));

    private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-24T08:00:00Z"));
    private final SimulatedApis google =
            SimulatedApis.start(clock).withProject("acme-kms-prod").withReadyKey(KEY);
    private volatile Runnable duringTheRoundTrip = () -> {};
    private final AdminSimulator admin =
            new AdminSimulator(new Journal(), clock, SimulatedApis.ORGANIZATION, this::throughCloudKms);
    private final Gate gate = new Gate(admin.withWorkspace(WORKSPACE, "Payments"));
    private final SimulatorServer server = SimulatorServer.start(gate);
    private final AnthropicClient client = AnthropicOkHttpClient.builder()
            .baseUrl(server.url().toString())
            .apiKey(AdminSimulator.TEST_ADMIN_KEY)
            .maxRetries(0)
            .responseValidation(true)
            .build();
    private final OrganizationService sdk = client.organization();

    private Reply throughCloudKms(Call call) {
        duringTheRoundTrip.run();
        return google.kms().answer(call);
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
        google.close();
    }

    @AfterAll
    static void report() throws IOException {
        Files.createDirectories(REPORT.getParent());
        Files.write(REPORT, ROWS);
    }

    private static void same(String call, String outcome) {
        row(call, outcome, SAME);
    }

    private static synchronized void row(String call, String outcome, String asDocumented) {
        ROWS.add(String.join(",", call, CLIENT, outcome, '"' + asDocumented + '"'));
    }

    private static Consumer<OrganizationService> call(String name) {
        return Objects.requireNonNull(CALLS.get(name));
    }

    private static ExternalKeyCreateParams.Builder registration() {
        return ExternalKeyCreateParams.builder()
                .displayName("Payments production")
                .geo(ExternalKeyCreateParams.Geo.US)
                .gcpProviderConfig(KEY);
    }

    private static ExternalKeyUpdateParams renaming() {
        return ExternalKeyUpdateParams.builder().displayName("Payments").build();
    }

    private static WorkspaceUpdateParams attaching(String externalKeyId) {
        return WorkspaceUpdateParams.builder().externalKeyId(externalKeyId).build();
    }

    private String registered() {
        return sdk.externalKeys().create(registration().build()).id();
    }

    /** The SDK has a field for everything but what is named above. */
    private static void assertKnown(String call, Map<String, JsonValue> more) {
        assertThat(DIFFERENCES.keySet()).containsAll(more.keySet());
        new TreeSet<>(more.keySet())
                .forEach(field -> row(call, "field " + field, DIFFERENCES.getOrDefault(field, "no")));
    }

    // --- success -------------------------------------------------------------------------------------------------

    @Test
    void theOrganizationIsRead() {
        OrganizationInfo organization = sdk.retrieve();

        assertThat(organization.id()).isEqualTo(SimulatedApis.ORGANIZATION);
        assertKnown(ORGANIZATION, organization._additionalProperties());
        same(ORGANIZATION, "success");
    }

    @Test
    void aKeyIsRegisteredReadRenamedAndDeleted() {
        ExternalKey made = sdk.externalKeys().create(registration().build());

        assertThat(made.providerConfig().asGcp().keyName()).isEqualTo(KEY);
        assertThat(made.geo()).isEqualTo("us");
        assertThat(made.attachment().isUnattached()).isTrue();
        assertKnown(CREATE, made._additionalProperties());
        same(CREATE, "success");
        assertThat(sdk.externalKeys().retrieve(made.id())).isEqualTo(made);
        same(READ_KEY, "success");
        assertThat(sdk.externalKeys().update(made.id(), renaming()).displayName())
                .contains("Payments");
        same(UPDATE_KEY, "success");
        ExternalKeyDeleteResponse deleted = sdk.externalKeys().delete(made.id());
        assertThat(deleted.id()).isEqualTo(made.id());
        assertKnown(DELETE_KEY, deleted._additionalProperties());
        assertThat(admin.externalKeys()).isEmpty();
        same(DELETE_KEY, "success");
    }

    @Test
    void aKeyIsRegisteredForAUserProfile() {
        admin.withUserProfile("uprof_1").withBoundWorkspace(WORKSPACE, "Payments", "uprof_1");

        ExternalKey bound = sdk.externalKeys()
                .create(registration().userProfileId("uprof_1").build());

        assertThat(bound.userProfileId()).contains("uprof_1");
        assertThat(sdk.workspaces().update(WORKSPACE, attaching(bound.id())).userProfileId())
                .contains("uprof_1");
        same(CREATE, "success with a user profile");
        same(ATTACH, "success with a user profile");
    }

    @Test
    void keysAreListedOverPagesThatMayBeEmpty() {
        List<String> made = List.of(registered(), registered(), registered());
        admin.emptyPages(true);
        admin.register(
                JsonNodeFactory.instance
                        .objectNode()
                        .put("type", "aws")
                        .put("kms_arn", "arn:aws:kms:us-east-1:111122223333:key/data"),
                "of another provider");

        List<ExternalKey> listed =
                sdk.externalKeys().list(ExternalKeyListParams.builder().limit(2).build()).autoPager().stream()
                        .toList();

        assertThat(listed).extracting(ExternalKey::id).containsSubsequence(made.get(2), made.get(1), made.get(0));
        assertThat(listed).hasSize(4);
        assertThat(listed.get(0).providerConfig().isAws()).isTrue();
        listed.forEach(key -> assertKnown(KEYS, key._additionalProperties()));
        same(KEYS, "success over several pages");
    }

    @Test
    void aKeyIsValidatedAndSaysWhyItCannotBeUsed() {
        String id = registered();

        ExternalKeyValidateResponse good = sdk.externalKeys().validate(id);
        google.kms().setLabels(KEY, Map.of());
        ExternalKeyValidateResponse bad = sdk.externalKeys().validate(id);

        assertThat(good.status()).isEqualTo(ExternalKeyValidateResponse.Status.SUCCESS);
        assertThat(good.error()).isEmpty();
        assertThat(bad.status()).isEqualTo(ExternalKeyValidateResponse.Status.FAILURE);
        assertThat(bad.error()).isPresent();
        assertKnown(VALIDATE, bad._additionalProperties());
        same(VALIDATE, "success");
        same(VALIDATE, "failure in an answer of 200");
    }

    @Test
    void aKeyIsAttachedAndShownSo() {
        admin.withNewerFields();
        String id = registered();

        Workspace attached = sdk.workspaces().update(WORKSPACE, attaching(id));

        assertThat(attached.externalKeyId()).contains(id);
        assertThat(sdk.workspaces().retrieve(WORKSPACE)).isEqualTo(attached);
        assertThat(sdk.externalKeys().retrieve(id).attachment().isAttached()).isTrue();
        assertKnown(ATTACH, attached._additionalProperties());
        same(ATTACH, "success");
        same(READ_WORKSPACE, "success");
    }

    @Test
    void workspacesAreListedOverPagesWithWhatIsAskedFor() {
        admin.withWorkspace("wrkspc_01two", "Two")
                .withWorkspace("wrkspc_01three", "Three")
                .withDefaultWorkspace("wrkspc_01default")
                .archive("wrkspc_01two");

        List<Workspace> all = sdk
                .workspaces()
                .list(WorkspaceListParams.builder()
                        .limit(1)
                        .includeArchived(true)
                        .includeDefault(true)
                        .build())
                .autoPager()
                .stream()
                .toList();
        List<Workspace> some = sdk.workspaces()
                .list(WorkspaceListParams.builder()
                        .addId("wrkspc_01three")
                        .addId("wrkspc_01two")
                        .build())
                .data();

        assertThat(all).hasSize(4);
        assertThat(all.get(1).archivedAt()).isPresent();
        assertThat(some).extracting(Workspace::id).containsExactly("wrkspc_01three");
        all.forEach(workspace -> assertKnown(WORKSPACES, workspace._additionalProperties()));
        same(WORKSPACES, "success over several pages");
        same(WORKSPACES, "success by ids");
    }

    // --- errors --------------------------------------------------------------------------------------------------

    static Stream<Arguments> everyCallAndStatus() {
        return CALLS.keySet().stream()
                .flatMap(call -> STATUSES.keySet().stream().sorted().map(status -> Arguments.of(call, status)));
    }

    @ParameterizedTest
    @MethodSource("everyCallAndStatus")
    void aDocumentedErrorIsOneOfTheSdks(String call, int status) {
        gate.put(AdminSimulator.refusing(status));

        AnthropicServiceException error = refused(call(call));

        assertThat(error).isExactlyInstanceOf(STATUSES.get(status));
        assertThat(error.statusCode()).isEqualTo(status);
        assertThat(error.requestId()).contains("req_simulated");
        ErrorType type = error.type().orElseThrow();
        row(
                call,
                status + " " + type.asString(),
                type.isValid() ? SAME : DIFFERENCES.getOrDefault(type.asString(), "no"));
        assertThat(type.isValid() || DIFFERENCES.containsKey(type.asString())).isTrue();
    }

    /**
     * What the simulator refuses by itself.
     *
     * @param thrown the SDK's own class for it
     * @param code its {@code error_code}; empty where it has none
     */
    private record Refusal(
            String cause,
            String call,
            Class<? extends AnthropicServiceException> thrown,
            String code,
            Consumer<AnthropicSdkTest> act) {

        @Override
        public String toString() {
            return cause;
        }
    }

    private static Refusal refusal(
            String cause,
            String call,
            Class<? extends AnthropicServiceException> thrown,
            String code,
            Consumer<AnthropicSdkTest> act) {
        return new Refusal(cause, call, thrown, code, act);
    }

    /** An attach of a registered key, after something has happened. */
    private static Refusal attach(
            String cause,
            Class<? extends AnthropicServiceException> thrown,
            String code,
            BiConsumer<AnthropicSdkTest, String> before) {
        return new Refusal(cause, ATTACH, thrown, code, test -> {
            String id = test.registered();
            before.accept(test, id);
            test.sdk.workspaces().update(WORKSPACE, attaching(id));
        });
    }

    static Stream<Refusal> refusals() {
        return Stream.of(
                refusal("revoked credential", ORGANIZATION, UnauthorizedException.class, "", test -> {
                    test.admin.revoke(AdminSimulator.TEST_ADMIN_KEY);
                    test.sdk.retrieve();
                }),
                refusal("CMEK is off", KEYS, PermissionDeniedException.class, "", test -> {
                    test.admin.withoutCmek();
                    test.sdk.externalKeys().list();
                }),
                refusal(
                        "no such key",
                        READ_KEY,
                        NotFoundException.class,
                        "",
                        test -> call(READ_KEY).accept(test.sdk)),
                refusal(
                        "no such key",
                        VALIDATE,
                        NotFoundException.class,
                        "",
                        test -> call(VALIDATE).accept(test.sdk)),
                refusal(
                        "no such key",
                        ATTACH,
                        BadRequestException.class,
                        "",
                        test -> call(ATTACH).accept(test.sdk)),
                refusal(
                        "no such workspace",
                        READ_WORKSPACE,
                        NotFoundException.class,
                        "",
                        test -> test.sdk.workspaces().retrieve("wrkspc_01none")),
                refusal(
                        "not a cursor",
                        KEYS,
                        BadRequestException.class,
                        "",
                        test -> test.sdk
                                .externalKeys()
                                .list(ExternalKeyListParams.builder()
                                        .page("none")
                                        .build())),
                refusal(
                        "unknown field",
                        CREATE,
                        BadRequestException.class,
                        "",
                        test -> test.sdk
                                .externalKeys()
                                .create(registration()
                                        .putAdditionalBodyProperty("region", JsonValue.from("us"))
                                        .build())),
                refusal(
                        "a version for a key",
                        CREATE,
                        BadRequestException.class,
                        "",
                        test -> test.sdk
                                .externalKeys()
                                .create(registration()
                                        .gcpProviderConfig(KEY + "/cryptoKeyVersions/1")
                                        .build())),
                refusal(
                        "no such user profile",
                        CREATE,
                        UserProfileNotFoundException.class,
                        "user_profile_not_found",
                        test -> test.sdk
                                .externalKeys()
                                .create(registration().userProfileId("uprof_1").build())),
                refusal(
                        "another key_name",
                        UPDATE_KEY,
                        BadRequestException.class,
                        "",
                        test -> test.sdk
                                .externalKeys()
                                .update(
                                        test.registered(),
                                        ExternalKeyUpdateParams.builder()
                                                .gcpProviderConfig(KEY + "2")
                                                .build())),
                refusal(
                        "named in a policy",
                        DELETE_KEY,
                        ExternalKeyInWorkspacePolicyException.class,
                        "external_key_in_workspace_policy",
                        test -> {
                            String id = test.registered();
                            test.admin.nameInPolicy(id);
                            test.sdk.externalKeys().delete(id);
                        }),
                refusal("attached", DELETE_KEY, BadRequestException.class, "", test -> {
                    String id = test.registered();
                    test.admin.attach(WORKSPACE, id);
                    test.sdk.externalKeys().delete(id);
                }),
                attach(
                        "another key is attached",
                        BadRequestException.class,
                        "",
                        (test, id) -> test.admin.attach(WORKSPACE, test.registered())),
                attach(
                        "archived workspace",
                        BadRequestException.class,
                        "",
                        (test, id) -> test.admin.archive(WORKSPACE)),
                attach(
                        "not valid",
                        ExternalKeyValidationFailedException.class,
                        "external_key_validation_failed",
                        (test, id) -> test.google.kms().setLabels(KEY, Map.of())),
                attach(
                        "timed out",
                        ExternalKeyValidationTimedOutException.class,
                        "external_key_validation_timed_out",
                        (test, id) -> test.admin.timeOutValidations(1)),
                attach(
                        "deleted meanwhile",
                        ExternalKeyChangedException.class,
                        "external_key_changed",
                        (test, id) -> test.duringTheRoundTrip = () -> test.admin.forget(id)),
                attach(
                        "workspace changed meanwhile",
                        ConflictException.class,
                        "workspace_changed_concurrently",
                        (test, id) -> test.admin.changeConcurrently(1)),
                attach(
                        "another user profile",
                        KeyProfileMismatchException.class,
                        "key_profile_mismatch",
                        (test, id) -> test.admin.withBoundWorkspace(WORKSPACE, "Payments", "uprof_1")),
                attach(
                        "forbidden by a policy",
                        WorkspacePolicyViolationException.class,
                        "workspace_policy_violation",
                        (test, id) -> test.admin.forbidKeysOn(WORKSPACE)),
                attach(
                        "approval withdrawn",
                        BadRequestException.class,
                        "cmek_not_approved",
                        (test, id) -> test.admin.approved(false)),
                attach("owing", PaymentRequiredException.class, "", (test, id) -> test.admin.owing(true)),
                attach(
                        "outcome unknown",
                        ChangeOutcomeUnknownException.class,
                        "change_outcome_unknown",
                        (test, id) -> test.admin.forgetOutcomes(1)),
                attach(
                        "approval not read",
                        ServiceUnavailableException.class,
                        "authorization_check_unavailable",
                        (test, id) -> test.admin.losingApprovals(1)));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aRefusalIsTheOneThatTheSdkHasForIt(Refusal refusal) {
        AnthropicServiceException error = refused(service -> refusal.act().accept(this));

        assertThat(error).isInstanceOf(refusal.thrown());
        assertThat(error.errorCode().orElse("")).isEqualTo(refusal.code());
        assertThat(error.apiMessage().orElse("")).isNotEmpty();
        assertThat(error.requestId().orElse("")).startsWith("req_");
        same(
                refusal.call(),
                error.statusCode() + " " + (refusal.code().isEmpty() ? "" : refusal.code() + " ") + "("
                        + refusal.cause() + ")");
    }

    @Test
    void whatIsNotSimulatedIsSaidToBeSo() {
        AnthropicServiceException error = refused(service -> service.workspaces()
                .update(WORKSPACE, WorkspaceUpdateParams.builder().name("Other").build()));

        assertThat(error).isExactlyInstanceOf(NotImplementedException.class);
        assertThat(error.apiMessage()).contains("a change of name is not simulated");
        row(ATTACH, "another field", "the product does not use it, and the simulator answers 501");
    }

    private AnthropicServiceException refused(Consumer<OrganizationService> call) {
        Throwable thrown = catchThrowable(() -> call.accept(sdk));
        assertThat(thrown).isInstanceOf(AnthropicServiceException.class);
        return (AnthropicServiceException) thrown;
    }
}
