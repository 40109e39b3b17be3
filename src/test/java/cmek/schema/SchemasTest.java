package cmek.schema;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.fake.Sample;
import cmek.finding.Reason;
import cmek.model.Mode;
import cmek.model.ProtectionLevel;
import cmek.onboarding.Step;
import cmek.onboarding.request.ParseResult;
import cmek.onboarding.request.RequestParser;
import cmek.result.Status;
import cmek.result.StepOutcome;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemasTest {

    private static final String NAME =
            "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/payments";

    private final RequestParser reader = new RequestParser(Sample.POLICY);

    // --- the schemas themselves ----------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Schemas.class)
    void theSchemaIsOne(Schemas schema) {
        assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(SchemaLocation.of(SchemaId.V202012))
                        .validate(schema.definition()))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Schemas.class)
    void everyObjectIsClosed(Schemas schema) {
        assertThat(nodes(schema.definition()).filter(node -> node.has("properties") && node.has("type")))
                .isNotEmpty()
                .allSatisfy(node -> assertThat(node.path("additionalProperties").isBoolean()
                                && !node.path("additionalProperties").asBoolean())
                        .isTrue());
    }

    @ParameterizedTest
    @EnumSource(Schemas.class)
    void everyFieldIsDescribed(Schemas schema) {
        List<String> undescribed = new ArrayList<>();
        nodes(schema.definition())
                .filter(node -> node.has("properties") && node.has("type"))
                .flatMap(node -> node.path("properties").properties().stream())
                .filter(field -> !field.getValue().has("description")
                        && !resolved(schema, field.getValue()).has("description"))
                .forEach(field -> undescribed.add(field.getKey()));

        assertThat(undescribed).isEmpty();
    }

    @Test
    void theExampleOfARequestIsOne() {
        JsonNode example = Schemas.REQUEST.definition().path("examples").path(0);

        assertThat(Schemas.REQUEST.faults(example)).isEmpty();
        assertThat(read(example.toString())).isInstanceOf(ParseResult.Accepted.class);
    }

    // --- the words -----------------------------------------------------------------------------------------------

    @Test
    void everyStatusIsInTheSchema() {
        assertThat(words("status")).containsAll(names(Status.values()));
    }

    @Test
    void everyReasonIsInTheSchema() {
        assertThat(words("reason")).containsAll(names(Reason.values()));
    }

    @Test
    void everyStepIsInTheSchema() {
        assertThat(words("step"))
                .containsAll(Arrays.stream(Step.values()).map(Step::function).toList());
    }

    @Test
    void everyOutcomeIsInTheSchema() {
        assertThat(texts(Schemas.RESULT.definition().at("/$defs/stepReport/properties/outcome/enum")))
                .containsExactlyInAnyOrderElementsOf(names(StepOutcome.values()));
    }

    @Test
    void everyModeAndProtectionLevelIsInTheSchema() {
        assertThat(texts(Schemas.REQUEST.definition().at("/properties/mode/enum")))
                .containsAll(Arrays.stream(Mode.values()).map(Mode::word).toList());
        assertThat(texts(Schemas.REQUEST.definition().at("/properties/key/properties/protectionLevel/enum")))
                .containsAll(names(ProtectionLevel.values()));
    }

    // --- requests ------------------------------------------------------------------------------------------------

    static Stream<String> good() {
        return Stream.of(
                "{'key': '" + NAME + "'}",
                "{'key': ' " + NAME + "\\n'}",
                "{'key': 'https://cloudkms.googleapis.com/v1/" + NAME + "'}",
                "{'key': '//cloudkms.googleapis.com/" + NAME + "'}",
                "{'key': " + key("") + "}",
                "{'key': " + key("").replace("payments", "payments\\n") + "}",
                "{'key': " + key(", 'rotationPeriod': '7776000s', 'destroyScheduledDuration': '60d'") + "}",
                "{'key': " + key("") + ", 'requestId': 'a.B:c_1-2', 'mode': 'plan'}",
                "{'key': " + key("") + ", 'requestId': null, 'mode': null, 'displayName': null, 'workspaceId': null}",
                "{'key': " + key(", 'protectionLevel': 'HSM', 'rotationPeriod': 'P90D'") + "}",
                "{'key': " + key(", 'rotationPeriod': 'PT24H', 'destroyScheduledDuration': 'P1DT12H'") + "}",
                "{'key': " + key(", 'protectionLevel': null, 'rotationPeriod': null, 'labels': null") + "}",
                "{'key': " + key(", 'labels': {'team': 'payments', 'cost-centre_1': ''}") + "}",
                "{'key': " + key("") + ", 'displayName': 'Zahlungen, Köln №1'}",
                "{'key': " + key("") + ", 'workspaceId': 'wrkspc_01Jw', 'acknowledgePermanent': true}",
                "{'key': " + key("") + ", 'acknowledgePermanent': false, 'mode': 'validate'}");
    }

    static Stream<String> bad() {
        return Stream.of(
                "[]",
                "'text'",
                "null",
                "{}",
                "{'key': null}",
                "{'key': 7}",
                "{'key': []}",
                "{'key': {}}",
                "{'key': ''}",
                "{'key': 'payments'}",
                "{'key': '" + NAME + "/cryptoKeyVersions/1'}",
                "{'key': '" + NAME + "\\u00a0'}",
                "{'key': '" + NAME.replace("payments", "../payments") + "'}",
                "{'key': '" + NAME.replace("us-east5", "global") + "'}",
                "{'key': '" + NAME.replace("us-east5", "nam4") + "'}",
                "{'key': '" + NAME.replace("acme-kms-prod", "123456789012") + "'}",
                "{'key': " + key("").replace("us-east5", "us") + "}",
                "{'key': " + key("").replace("us-east5", "global") + "}",
                "{'key': " + key("").replace("payments", "pay ments") + "}",
                "{'key': " + key("").replace("payments", "pay\\nments") + "}",
                "{'key': " + key("").replace("anthropic", "") + "}",
                "{'key': " + key("").replace("\"acme-kms-prod\"", "null") + "}",
                "{'key': " + key(", 'version': 1") + "}",
                "{'key': " + key(", 'serviceAccount': 'a@example.com'") + "}",
                "{'key': " + key(", 'protectionLevel': 'hsm'") + "}",
                "{'key': " + key(", 'protectionLevel': 'EXTERNAL'") + "}",
                "{'key': " + key(", 'rotationPeriod': '90w'") + "}",
                "{'key': " + key(", 'rotationPeriod': 'P3M'") + "}",
                "{'key': " + key(", 'rotationPeriod': 7776000") + "}",
                "{'key': " + key(", 'rotationPeriod': 'P90DT0.5S'") + "}",
                "{'key': " + key(", 'labels': []") + "}",
                "{'key': " + key(", 'labels': {'Team': 'payments'}") + "}",
                "{'key': " + key(", 'labels': {'team': 'Payments'}") + "}",
                "{'key': " + key(", 'labels': {'team': null}") + "}",
                "{'key': " + key(", 'labels': {'team': 1}") + "}",
                "{'key': " + key(", 'labels': {'anthropic-org-x': 'true'}") + "}",
                "{'key': " + key(", 'labels': {" + labels(64) + "}") + "}",
                "{'key': " + key("") + ", 'requestId': ''}",
                "{'key': " + key("") + ", 'requestId': 'a b'}",
                "{'key': " + key("") + ", 'requestId': '" + "a".repeat(129) + "'}",
                "{'key': " + key("") + ", 'requestId': 1}",
                "{'key': " + key("") + ", 'mode': 'Provision'}",
                "{'key': " + key("") + ", 'mode': true}",
                "{'key': " + key("") + ", 'displayName': '  '}",
                "{'key': " + key("") + ", 'displayName': 'two\\nlines'}",
                "{'key': " + key("") + ", 'displayName': 'turned \\u202e round'}",
                "{'key': " + key("") + ", 'displayName': '" + "a".repeat(101) + "'}",
                "{'key': " + key("") + ", 'workspaceId': 'wrkspc_01Jw'}",
                "{'key': " + key("") + ", 'workspaceId': 'wrkspc_01Jw', 'acknowledgePermanent': false}",
                "{'key': " + key("") + ", 'workspaceId': 'wrkspc_01Jw', 'acknowledgePermanent': 'true'}",
                "{'key': " + key("") + ", 'workspaceId': 'ws_1', 'acknowledgePermanent': true}",
                "{'key': " + key("") + ", 'workspaceId': '', 'acknowledgePermanent': true}",
                "{'key': " + key("") + ", 'acknowledgePermanent': 1}",
                "{'key': " + key("") + ", 'modes': 'plan'}",
                "{'key': " + key("") + ", 'member': 'user:anna@example.com'}");
    }

    /** What only the service can tell: its own policy, and arithmetic that a schema has none of. */
    static Stream<String> refusedByTheServiceAlone() {
        return Stream.of(
                "{'key': " + key("").replace("acme-kms-prod", "other-kms-prod") + "}",
                "{'key': " + key("").replace("us-east5", "europe-west3") + "}",
                "{'key': " + key(", 'protectionLevel': 'SOFTWARE'") + "}",
                "{'key': " + key(", 'rotationPeriod': 'PT1H'") + "}",
                "{'key': " + key(", 'destroyScheduledDuration': 'P121D'") + "}");
    }

    @ParameterizedTest
    @MethodSource("good")
    void readerAndSchemaTakeTheSame(String request) {
        assertThat(Schemas.REQUEST.faults(json(request))).isEmpty();
        assertThat(read(json(request))).isInstanceOf(ParseResult.Accepted.class);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void readerAndSchemaRefuseTheSame(String request) {
        assertThat(Schemas.REQUEST.faults(json(request))).isNotEmpty();
        assertThat(read(json(request))).isInstanceOf(ParseResult.Rejected.class);
    }

    @ParameterizedTest
    @MethodSource("refusedByTheServiceAlone")
    void whatASchemaCannotTellTheReaderDoes(String request) {
        assertThat(Schemas.REQUEST.faults(json(request))).isEmpty();
        assertThat(read(json(request))).isInstanceOf(ParseResult.Rejected.class);
    }

    // --- results -------------------------------------------------------------------------------------------------

    private static final String RESULT = json("""
        {'requestId':'payments-prod','status':'PROGRESS','step':'createKey','reason':null,'message':'created',
         'remedy':[],'actor':null,'documentation':null,'key':'projects/p/locations/l/keyRings/r/cryptoKeys/k',
         'externalKeyId':null,'workspaceId':null,'mode':'provision','warnings':[],'steps':[],
         'occurredAt':'2026-11-23T02:00:00.412Z'}\
        """);
    private static final String SINCE =
            ",\"since\":\"2026-11-23T02:00:00.000Z\",\"until\":\"2026-11-23T02:10:00.000Z\",\"occurredAt\"";

    @Test
    void aResultIsOne() {
        assertThat(Schemas.RESULT.faults(RESULT)).isEmpty();
    }

    @Test
    void onlyAPendingResultSaysSinceWhen() {
        String pending = RESULT.replace("PROGRESS", "PENDING");

        assertThat(Schemas.RESULT.faults(pending)).isNotEmpty();
        assertThat(Schemas.RESULT.faults(pending.replace(",\n \"occurredAt\"", SINCE)))
                .isEmpty();
        assertThat(Schemas.RESULT.faults(RESULT.replace(",\n \"occurredAt\"", SINCE)))
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"REFUSED", "FAILED"})
    void whatEndsBadlySaysWhyAndWhatToDo(String status) {
        String silent = RESULT.replace("PROGRESS", status);
        String telling = silent.replace("\"reason\":null", "\"reason\":\"RETRIES_EXHAUSTED\"")
                .replace("\"remedy\":[]", "\"remedy\":[\"look into the log\"]")
                .replace("\"actor\":null", "\"actor\":\"OPERATOR\"")
                .replace("\"documentation\":null", "\"documentation\":\"docs/reasons.md#retries_exhausted\"");

        assertThat(Schemas.RESULT.faults(silent)).isNotEmpty();
        assertThat(Schemas.RESULT.faults(telling)).isEmpty();
        assertThat(Schemas.RESULT.faults(telling.replace("[\"look into the log\"]", "[]")))
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://git.example.com/", "https://git.example.com/cmek-onboarding/blob/main/"})
    void theDocumentationMayBeAUrl(String url) {
        String refused = RESULT.replace("PROGRESS", "REFUSED")
                .replace("\"reason\":null", "\"reason\":\"EXPIRED\"")
                .replace("\"remedy\":[]", "\"remedy\":[\"publish the request again\"]")
                .replace("\"actor\":null", "\"actor\":\"REQUESTER\"")
                .replace("\"documentation\":null", "\"documentation\":\"" + url + "docs/reasons.md#expired\"");

        assertThat(Schemas.RESULT.faults(refused)).isEmpty();
        assertThat(Schemas.RESULT.faults(refused.replace("https:", "http:"))).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"status\":\"DONE\"",
                "\"step\":\"destroyKey\"",
                "\"mode\":\"force\"",
                "\"reason\":\"RETRIES_EXHAUSTED\"",
                "\"key\":\"payments\"",
                "\"externalKeyId\":\"key_1\"",
                "\"occurredAt\":\"yesterday\"",
                "\"message\":\"two\\nlines\"",
                "\"remedy\":\"a command\"",
                "\"remark\":\"an unknown field\""
            })
    void aResultOfAnotherShapeIsNone(String field) throws Exception {
        ObjectNode result = (ObjectNode) new ObjectMapper().readTree(RESULT);
        result.setAll((ObjectNode) new ObjectMapper().readTree("{" + field + "}"));

        assertThat(Schemas.RESULT.faults(result)).isNotEmpty();
    }

    // -------------------------------------------------------------------------------------------------------------

    private ParseResult read(String json) {
        return reader.parse(json.getBytes(StandardCharsets.UTF_8), "1001");
    }

    private static String key(String more) {
        return """
            {"project": "acme-kms-prod", "location": "us-east5", "keyRing": "anthropic", "name": "payments"%s}\
            """.formatted(more);
    }

    private static String labels(int many) {
        return String.join(
                ", ",
                Stream.iterate(1, i -> i + 1)
                        .limit(many)
                        .map(i -> "'l" + i + "': ''")
                        .toList());
    }

    private static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }

    private static Set<String> words(String definition) {
        return texts(Schemas.RESULT.definition().at("/$defs/" + definition + "/enum"));
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new LinkedHashSet<>();
        array.forEach(node -> texts.add(node.asText()));
        return texts;
    }

    private static List<String> names(Enum<?>[] values) {
        return Arrays.stream(values).map(Enum::name).toList();
    }

    private static JsonNode resolved(Schemas schema, JsonNode field) {
        String ref = field.path("$ref").asText("#");
        return schema.definition().at(ref.substring(1));
    }

    private static Stream<JsonNode> nodes(JsonNode root) {
        return Stream.concat(Stream.of(root), root.valueStream().flatMap(SchemasTest::nodes));
    }
}
