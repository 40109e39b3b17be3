package cmek.function;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.fake.Sample;
import cmek.finding.AnthropicFindings;
import cmek.model.ExternalKeyId;
import cmek.model.Json;
import cmek.model.Mode;
import cmek.onboarding.Onboarding;
import cmek.result.StepOutcome;
import cmek.result.StepReport;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.math.BigDecimal;
import java.net.URI;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Whatever may come to an entry point: what is right, what was right before something happened to it, and what never was. The same
 * dice make the same.
 */
final class AnyEvents {

    /**
     * What an entry point is given.
     *
     * @param hopeless whether it certainly is neither a request nor an event
     */
    record Case(CloudEvent event, String kind, String shown, boolean hopeless) {}

    @SuppressWarnings("ArrayRecordComponent") // Bytes on their way; nobody compares two of them.
    private record Data(byte[] bytes, String kind, boolean hopeless) {

        static Data of(String text, String kind, boolean hopeless) {
            return new Data(text.getBytes(UTF_8), kind, hopeless);
        }
    }

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String TWICE = "field twice";
    private static final int SHOWN = 600;

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "null",
            "true",
            "0",
            "-1",
            "\u0000",
            "\u001b[2J\u001b]0;owned\u0007",
            "a\r\nx-header: y",
            "\u202egnp.exe",
            "\u2028\u2029\u0085",
            "\uD800",
            "\uDFFF\uD800",
            "\uD83D\uDD11",
            "e\u0301",
            "\uFEFF{}",
            "../../etc/passwd",
            "'; rm -rf / #$(id)`id`",
            "%s%n%x",
            "{\"message\":{}}",
            "P1Y",
            "PT9223372036854775807S",
            "PT-1S",
            "P99999999999999999D",
            "+1000000000-12-31T23:59:59.999999999Z",
            "-1000000000-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "0000-01-01T00:00:00Z",
            "2026-02-30T00:00:00Z",
            "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/payments/cryptoKeyVersions/1",
            "projects/evil/locations/us/keyRings/a/cryptoKeys/b",
            "projects//locations//keyRings//cryptoKeys/",
            "wrkspc_",
            "ekey_\n",
            "HSM",
            "SOFTWARE",
            "validate",
            "PROVISION",
            "createKey",
            "scanKey",
            "serviceAccount:mallory@evil.iam.gserviceaccount.com");

    private static final List<String> NUMBERS = List.of(
            "0",
            "-0.0",
            "1",
            "1e400",
            "-1e400",
            "1e-400",
            "1e999999",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775809",
            "31556889864403200",
            "1764000000.123456789",
            "123456789012345678901234567890123456789012345678901234567890");

    private static final List<String> FIELDS = List.of(
            "requestId",
            "key",
            "mode",
            "project",
            "workspaceId",
            "acknowledgePermanent",
            "request",
            "steps",
            "warnings",
            "message",
            "data",
            "attributes",
            "serviceAccount",
            "member",
            "e-mail",
            "__proto__",
            "@type",
            "",
            "\u0000",
            "\u202e");

    private final SplittableRandom dice;
    private final boolean requests;

    /**
     * For one case.
     *
     * @param requests whether the entry point takes requests, and not the events of a step before
     */
    AnyEvents(SplittableRandom dice, boolean requests) {
        this.dice = dice;
        this.requests = requests;
    }

    Case next() {
        Data data = data();
        return wrapped(data);
    }

    // --- data ----------------------------------------------------------------------------------------------------

    private Data data() {
        return switch (dice.nextInt(16)) {
            case 0 -> new Data(bytes(dice.nextInt(300)), "bytes", true);
            case 1 -> Data.of(tree(0).toString(), "tree", true);
            case 2 -> new Data(new byte[0], "nothing", true);
            case 3 -> deep();
            case 4 -> Data.of(document().toString(), "whole", false);
            case 5 -> unknownField();
            case 6 -> missingField();
            case 7 -> twice();
            case 8, 9 -> flipped();
            case 10 -> cut();
            default -> mutated();
        };
    }

    /** What an entry point would take: a request, or the event of a step before. */
    private ObjectNode document() {
        Mode mode = one(Mode.values());
        if (requests != (dice.nextInt(8) == 0)) {
            ObjectNode request =
                    JSON.objectNode().put("requestId", "payments-prod").put("mode", mode.word());
            request.putObject("key")
                    .put("project", Sample.KEY.project())
                    .put("location", Sample.KEY.location())
                    .put("keyRing", Sample.KEY.keyRing())
                    .put("name", Sample.KEY.name())
                    .put("protectionLevel", "HSM")
                    .put("rotationPeriod", "P90D")
                    .put("destroyScheduledDuration", "P60D")
                    .putObject("labels")
                    .put("team", "payments");
            return request.put("displayName", "Payments production")
                    .put("workspaceId", Sample.WORKSPACE.value())
                    .put("acknowledgePermanent", true);
        }
        Onboarding onboarding = Sample.onboarding(mode)
                .withStep(new StepReport("onboard", StepOutcome.ACCEPTED, Sample.NOW, 3))
                .withWarning(AnthropicFindings.regionNotRecommended("us-west2"))
                .withChangedAt(Sample.NOW);
        if (dice.nextInt(4) > 0) {
            onboarding = onboarding.withExternalKeyId(new ExternalKeyId("ekey_1"));
        }
        return Json.MAPPER.valueToTree(onboarding);
    }

    private Data deep() {
        int depth = dice.nextInt(50) == 0 ? 60_000 : one(30, 64, 600, 999, 1_001, 3_000);
        boolean array = dice.nextBoolean();
        String nest = (array ? "[" : "{\"a\":").repeat(depth) + "1" + (array ? "]" : "}").repeat(depth);
        if (dice.nextBoolean()) {
            return Data.of(nest, "deep", true);
        }
        String field = dice.nextBoolean() ? "key" : "request";
        return Data.of("{\"" + field + "\":" + nest + "}", "deep", true);
    }

    private Data unknownField() {
        ObjectNode document = document();
        String field = "x" + dice.nextInt(1_000) + one(FIELDS);
        ObjectNode place =
                dice.nextBoolean() && document.path("request") instanceof ObjectNode request ? request : document;
        place.set(field, tree(2));
        // Requests are refused by the name of the field; events of another release may have one more.
        return Data.of(document.toString(), "unknown field", !document.has("request"));
    }

    private static final Set<String> HAVING_A_DEFAULT = Set.of("steps", "warnings", "externalKeyId", "changedAt");

    private Data missingField() {
        ObjectNode document = document();
        String field = document.has("request")
                ? one("request", "messageId", "acceptedAt", "steps", "warnings", "externalKeyId", "changedAt")
                : "key";
        document.remove(field);
        return Data.of(document.toString(), "missing field", !HAVING_A_DEFAULT.contains(field));
    }

    /** One field twice, the second time with something else: which of them counts must not be left to chance. */
    private Data twice() {
        ObjectNode document = document();
        List<String> names = new ArrayList<>();
        document.fieldNames().forEachRemaining(names::add);
        String name = names.get(dice.nextInt(names.size()));
        String text = document.toString();
        return Data.of(text.substring(0, text.length() - 1) + ",\"" + name + "\":" + tree(2) + "}", TWICE, true);
    }

    private Data flipped() {
        byte[] bytes = document().toString().getBytes(UTF_8);
        for (int flip = dice.nextInt(1, 6); flip > 0; flip--) {
            bytes[dice.nextInt(bytes.length)] ^= (byte) (1 << dice.nextInt(8));
        }
        return new Data(bytes, "flipped", false);
    }

    private Data cut() {
        byte[] bytes = document().toString().getBytes(UTF_8);
        int at = dice.nextInt(bytes.length);
        if (dice.nextBoolean()) {
            return new Data(Arrays.copyOf(bytes, at), "cut off", true);
        }
        String text = new String(bytes, UTF_8);
        return Data.of(text.substring(0, at) + text.substring(at / 2), "stammered", false);
    }

    private Data mutated() {
        ObjectNode document = document();
        for (int mutation = dice.nextInt(1, 4); mutation > 0; mutation--) {
            mutate(document);
        }
        return Data.of(document.toString(), "mutated", false);
    }

    /** Puts something else somewhere into a document. */
    private void mutate(ObjectNode document) {
        List<ObjectNode> objects = new ArrayList<>(List.of(document));
        for (int i = 0; i < objects.size(); i++) {
            objects.get(i).forEach(child -> collect(child, objects));
        }
        ObjectNode object = objects.get(dice.nextInt(objects.size()));
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        if (names.isEmpty()) {
            object.set(one(FIELDS), tree(2));
            return;
        }
        String name = names.get(dice.nextInt(names.size()));
        switch (dice.nextInt(8)) {
            case 0 -> object.putNull(name);
            case 1 -> object.put(name, one(TEXTS));
            case 2 -> object.set(name, number());
            case 3 -> object.put(name, dice.nextBoolean());
            case 4 -> object.put(name, one("x", "\u00e4", "\uD83D\uDD11", "\"").repeat(dice.nextInt(1, 3_000)));
            case 5 -> object.set(name, JSON.arrayNode().add(object.path(name).deepCopy()));
            case 6 -> object.put(name, object.path(name).asText() + one(TEXTS));
            default -> object.set(name, tree(1));
        }
        if (dice.nextInt(400) == 0) {
            object.put(name, "x".repeat(dice.nextInt(60_000, 400_000)));
        }
    }

    private static void collect(JsonNode node, List<ObjectNode> objects) {
        if (node instanceof ObjectNode object) {
            objects.add(object);
        } else if (node instanceof ArrayNode array) {
            array.forEach(child -> collect(child, objects));
        }
    }

    /** Any JSON. */
    private JsonNode tree(int depth) {
        int kind = dice.nextInt(depth > 4 ? 5 : 8);
        return switch (kind) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.booleanNode(dice.nextBoolean());
            case 2 -> number();
            case 3 -> JSON.textNode(one(TEXTS));
            case 4 -> JSON.textNode(new String(bytes(dice.nextInt(40)), UTF_8));
            case 5 -> {
                ArrayNode array = JSON.arrayNode();
                for (int size = dice.nextInt(5); size > 0; size--) {
                    array.add(tree(depth + 1));
                }
                yield array;
            }
            default -> {
                ObjectNode object = JSON.objectNode();
                for (int size = dice.nextInt(6); size > 0; size--) {
                    object.set(one(FIELDS), tree(depth + 1));
                }
                yield object;
            }
        };
    }

    private JsonNode number() {
        return JSON.numberNode(new BigDecimal(one(NUMBERS)));
    }

    // --- envelopes -----------------------------------------------------------------------------------------------

    private Case wrapped(Data data) {
        return switch (dice.nextInt(6)) {
            case 0 -> new Case(bare(data.bytes()), data.kind() + ", bare", shown(text(data)), data.hopeless());
            case 1 -> {
                String envelope = envelope(data);
                yield new Case(
                        bare(envelope.getBytes(UTF_8)),
                        data.kind() + ", as by Eventarc",
                        shown(envelope),
                        data.hopeless());
            }
            case 2, 3 -> posted(envelope(data), data, "pushed");
            case 4 ->
                posted(
                        "{\"specversion\":\"1.0\",\"id\":" + JSON.textNode(one(TEXTS)) + ",\"data\":" + envelope(data)
                                + "}",
                        data,
                        "structured");
            default -> {
                // Bare JSON has gone through the host's reader, which keeps the last of two fields.
                boolean hopeless = data.hopeless() && !data.kind().equals(TWICE);
                yield posted(text(data), new Data(data.bytes(), data.kind(), hopeless), "posted");
            }
        };
    }

    private static String text(Data data) {
        return new String(data.bytes(), UTF_8);
    }

    /** As the HTTP host reads a body; what it cannot read it answers itself, so an entry point gets it as it is. */
    private Case posted(String body, Data data, String how) {
        String kind = data.kind() + ", " + how;
        try {
            return new Case(Events.posted(body), kind, shown(body), data.hopeless());
        } catch (IllegalArgumentException e) {
            return new Case(bare(body.getBytes(UTF_8)), kind + " and unreadable", shown(body), data.hopeless());
        }
    }

    private String envelope(Data data) {
        String proper = Events.envelope(data.bytes(), attributes());
        if (dice.nextInt(3) > 0) {
            return proper;
        }
        ObjectNode envelope = (ObjectNode) ScanHarness.json(proper);
        ObjectNode message = (ObjectNode) envelope.path("message");
        switch (dice.nextInt(6)) {
            case 0 -> message.put("messageId", one(TEXTS));
            case 1 -> message.set("messageId", tree(3));
            case 2 -> message.put("publishTime", one(TEXTS));
            case 3 -> message.set("publishTime", tree(3));
            case 4 -> message.set("attributes", tree(2));
            default -> message.remove(one("messageId", "publishTime", "attributes"));
        }
        return envelope.toString();
    }

    private CloudEvent bare(byte[] bytes) {
        CloudEventBuilder event = CloudEventBuilder.v1()
                .withId(dice.nextBoolean() ? Events.MESSAGE_ID : "i" + one(TEXTS))
                .withSource(URI.create("//anywhere"))
                .withType("anything");
        if (dice.nextInt(4) == 0) {
            event = event.withTime(OffsetDateTime.MAX.minusYears(dice.nextInt(3)));
        }
        return bytes.length == 0 && dice.nextBoolean()
                ? event.build()
                : event.withData("application/json", bytes).build();
    }

    private Map<String, String> attributes() {
        Map<String, String> attributes = new HashMap<>();
        for (int size = dice.nextInt(3); size > 0; size--) {
            attributes.put(one("requestId", "step", "key", "runId", "status"), one(TEXTS));
        }
        if (dice.nextBoolean()) {
            attributes.put("step", one("createKey", "onboard", "scanKey", "validateKey", "nothing"));
        }
        return attributes;
    }

    // --- dice ----------------------------------------------------------------------------------------------------

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        dice.nextBytes(bytes);
        return bytes;
    }

    @SafeVarargs
    private <T> T one(T... of) {
        return of[dice.nextInt(of.length)];
    }

    private String one(List<String> of) {
        return of.get(dice.nextInt(of.size()));
    }

    private static String shown(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "… (" + text.length() + " characters)";
    }
}
