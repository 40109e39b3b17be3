package cmek.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Cloud KMS lets one do with locations, key rings, keys and versions, and what it refuses.
 *
 * @see <a href="https://cloud.google.com/kms/docs/reference/rest">Cloud KMS API v1</a>
 */
final class KmsAdministration {

    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_-]{1,63}");
    private static final Pattern LABEL_KEY = Pattern.compile("[\\p{Ll}\\p{Lo}][\\p{Ll}\\p{Lo}\\p{N}_-]{0,62}");
    private static final Pattern LABEL_VALUE = Pattern.compile("[\\p{Ll}\\p{Lo}\\p{N}_-]{0,63}");
    private static final int LABELS_AT_MOST = 64;
    private static final Duration ROTATION_AT_LEAST = Duration.ofDays(1);
    private static final Duration ROTATION_AT_MOST = Duration.ofDays(36_500);
    private static final Duration DESTROY_AT_LEAST = Duration.ofDays(1);
    private static final Duration DESTROY_AT_MOST = Duration.ofDays(120);
    private static final Duration DESTROY_BY_DEFAULT = Duration.ofDays(30);
    private final KmsState state;

    KmsAdministration(KmsState state) {
        this.state = state;
    }

    // --- locations -----------------------------------------------------------------------------------------------

    ObjectNode listLocations(KmsCall call) {
        return GooglePage.of(
                "locations", state.locations(), call.http(), location -> location(call.id("projects"), location));
    }

    ObjectNode getLocation(KmsCall call) {
        state.requireLocation(call.id("locations"));
        return location(call.id("projects"), call.id("locations"));
    }

    private ObjectNode location(String project, String location) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", "projects/" + project + "/locations/" + location).put("locationId", location);
        ObjectNode metadata =
                json.putObject("metadata").put("@type", "type.googleapis.com/google.cloud.kms.v1.LocationMetadata");
        if (state.hasHsm(location)) {
            metadata.put("hsmAvailable", true);
        }
        return json;
    }

    // --- key rings -----------------------------------------------------------------------------------------------

    ObjectNode listKeyRings(KmsCall call) {
        state.requireLocation(call.id("locations"));
        String location = call.resource().substring(0, call.resource().lastIndexOf('/'));
        return GooglePage.counted("keyRings", state.keyRingsIn(location), call.http(), this::keyRing);
    }

    ObjectNode getKeyRing(KmsCall call) {
        return keyRing(call.resource());
    }

    ObjectNode createKeyRing(KmsCall call) {
        state.requireLocation(call.id("locations"));
        String ring = call.resource() + "/" + requireId("keyRingId", call.parameter("keyRingId"));
        state.addKeyRing(ring);
        return keyRing(ring);
    }

    private ObjectNode keyRing(String ring) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", ring)
                .put("createTime", state.keyRing(ring).toString());
    }

    // --- keys ----------------------------------------------------------------------------------------------------

    /**
     * Lists the keys of a ring.
     *
     * @param view a key as the caller gets to see it
     */
    ObjectNode listCryptoKeys(KmsCall call, Function<KmsKey, ObjectNode> view) {
        String ring = call.resource().substring(0, call.resource().lastIndexOf('/'));
        state.keyRing(ring);
        return GooglePage.counted("cryptoKeys", state.keysIn(ring), call.http(), view);
    }

    ObjectNode createCryptoKey(KmsCall call) {
        state.keyRing(call.resource().substring(0, call.resource().lastIndexOf('/')));
        String name = call.resource() + "/" + requireId("cryptoKeyId", call.parameter("cryptoKeyId"));
        ObjectNode body = call.body();
        KmsKey.Traits traits = traits(body, call.id("locations"));
        boolean skipsVersion = call.parameter("skipInitialVersionCreation").equals("true");
        if (traits.importOnly() && !skipsVersion) {
            throw GoogleFailure.invalidArgument("An import-only key is created without an initial version.");
        }
        KmsKey key = new KmsKey(name, traits, labels(body.path("labels")), IamPolicySimulator.untouched(), state.now());
        rotate(
                key,
                GoogleTime.duration(body, "rotationPeriod").orElse(null),
                GoogleTime.instant(body, "nextRotationTime").orElse(null));
        key.allowAccessReasons(accessReasons(body));
        state.addKey(key);
        if (!skipsVersion) {
            KmsVersion first = key.addVersion(state.now());
            if (traits.isSymmetric()) {
                key.makePrimary(first);
            }
        }
        return state.key(name).toJson();
    }

    /** The reasons of a Key Access Justifications policy; nothing where there is none. */
    private static @Nullable List<String> accessReasons(ObjectNode body) {
        JsonNode policy = body.path("keyAccessJustificationsPolicy");
        if (!policy.isObject()) {
            return null;
        }
        List<String> reasons = new ArrayList<>();
        policy.path("allowedAccessReasons").forEach(reason -> reasons.add(reason.asText()));
        return reasons;
    }

    private KmsKey.Traits traits(ObjectNode body, String location) {
        String purpose = KmsEnum.read(body, "purpose");
        if (purpose.isEmpty()) {
            throw GoogleFailure.invalidArgument("The purpose of the key is missing.");
        }
        JsonNode template = body.path("versionTemplate");
        String level = KmsEnum.read(template, "protectionLevel");
        String protectionLevel = level.isEmpty() ? "SOFTWARE" : level;
        if (protectionLevel.equals("HSM_SINGLE_TENANT")
                && body.path("cryptoKeyBackend").asText("").isEmpty()) {
            throw GoogleFailure.invalidArgument("A single-tenant key needs the cryptoKeyBackend that it is kept in.");
        }
        if (protectionLevel.equals("HSM") && !state.hasHsm(location)) {
            throw GoogleFailure.invalidArgument("Protection level HSM is not available in '" + location + "'.");
        }
        Duration destroy = GoogleTime.duration(body, "destroyScheduledDuration").orElse(DESTROY_BY_DEFAULT);
        requireBetween("destroyScheduledDuration", destroy, DESTROY_AT_LEAST, DESTROY_AT_MOST);
        return new KmsKey.Traits(
                purpose,
                protectionLevel,
                algorithm(purpose, KmsEnum.read(template, "algorithm")),
                destroy,
                body.path("importOnly").asBoolean(false));
    }

    private static String algorithm(String purpose, String asked) {
        if (asked.isEmpty() && purpose.equals("ENCRYPT_DECRYPT")) {
            return "GOOGLE_SYMMETRIC_ENCRYPTION";
        }
        boolean fits = switch (purpose) {
            case "ENCRYPT_DECRYPT" -> asked.endsWith("_SYMMETRIC_ENCRYPTION");
            case "ASYMMETRIC_SIGN" -> asked.contains("_SIGN_");
            case "ASYMMETRIC_DECRYPT" -> asked.contains("_DECRYPT_");
            case "RAW_ENCRYPT_DECRYPT" -> asked.startsWith("AES_");
            case "KEY_ENCAPSULATION" -> asked.startsWith("ML_KEM_") || asked.startsWith("KEM_");
            default -> asked.startsWith("HMAC_");
        };
        if (!fits) {
            throw GoogleFailure.invalidArgument(
                    "The algorithm '" + asked + "' does not fit the purpose " + purpose + ".");
        }
        return asked;
    }

    /** Changes what the mask names and nothing else; what can never be changed refuses, also when it would not. */
    ObjectNode updateCryptoKey(KmsCall call) {
        KmsKey key = state.key(call.resource());
        ObjectNode body = call.body();
        Map<String, String> labels = key.labels();
        Duration period = key.rotationPeriod().orElse(null);
        Instant next = key.nextRotationTime().orElse(null);
        String algorithm = key.traits().algorithm();
        for (String path : mask(call)) {
            switch (path) {
                case "labels" -> labels = labels(body.path("labels"));
                case "rotationPeriod" ->
                    period = GoogleTime.duration(body, "rotationPeriod").orElse(null);
                case "keyAccessJustificationsPolicy" -> key.allowAccessReasons(accessReasons(body));
                case "nextRotationTime" ->
                    next = GoogleTime.instant(body, "nextRotationTime").orElse(null);
                case "versionTemplate.algorithm" ->
                    algorithm =
                            algorithm(key.traits().purpose(), KmsEnum.read(body.path("versionTemplate"), "algorithm"));
                default -> throw GoogleFailure.invalidArgument("The field '" + path + "' of a key cannot be updated.");
            }
        }
        rotate(key, period, next);
        key.changeAlgorithm(algorithm);
        if (!labels.equals(key.labels())) {
            key.changeLabels(labels, state.now());
        }
        return state.key(call.resource()).toJson();
    }

    ObjectNode updatePrimaryVersion(KmsCall call) {
        KmsKey key = state.key(call.resource());
        if (!key.traits().isSymmetric()) {
            throw GoogleFailure.failedPrecondition(key.name() + " is not a symmetric key and has no primary version.");
        }
        String id = call.body().path("cryptoKeyVersionId").asText("");
        KmsVersion version = state.version(call.resource() + "/cryptoKeyVersions/" + id);
        version.requireEnabled();
        key.makePrimary(version);
        return key.toJson();
    }

    /** Only a key without versions can be deleted; its name is retired. */
    ObjectNode deleteCryptoKey(KmsCall call) {
        KmsKey key = state.key(call.resource());
        if (!key.versions().isEmpty()) {
            throw GoogleFailure.failedPrecondition(key.name() + " still has versions.");
        }
        state.deleteKey(key.name());
        return operation(call);
    }

    ObjectNode deleteVersion(KmsCall call) {
        KmsVersion version = state.version(call.resource());
        if (!version.isDeletable()) {
            throw GoogleFailure.failedPrecondition(
                    version.name() + " has the state " + version.state() + ", which does not permit this.");
        }
        state.key(call.key()).deleteVersion(version);
        return operation(call);
    }

    private static ObjectNode operation(KmsCall call) {
        return JsonNodeFactory.instance
                .objectNode()
                .put(
                        "name",
                        "projects/" + call.id("projects") + "/locations/" + call.id("locations")
                                + "/operations/deleted")
                .put("done", true);
    }

    ObjectNode listRetiredResources(KmsCall call) {
        state.requireLocation(call.id("locations"));
        String location = call.resource().substring(0, call.resource().lastIndexOf('/'));
        List<Map.Entry<String, Instant>> retired =
                List.copyOf(state.retiredIn(location).entrySet());
        ObjectNode page = GooglePage.of(
                "retiredResources",
                retired,
                call.http(),
                entry -> JsonNodeFactory.instance
                        .objectNode()
                        .put(
                                "name",
                                call.resource() + "/"
                                        + Integer.toHexString(entry.getKey().hashCode()))
                        .put("originalResource", entry.getKey())
                        .put("resourceType", "cloudkms.googleapis.com/CryptoKey")
                        .put("deleteTime", entry.getValue().toString()));
        // This length alone is an int64, which is text in JSON.
        return retired.isEmpty() ? page : page.put("totalSize", Integer.toString(retired.size()));
    }

    private void rotate(KmsKey key, @Nullable Duration period, @Nullable Instant next) {
        if (period != null || next != null) {
            if (!key.traits().isSymmetric() || key.traits().importOnly()) {
                throw GoogleFailure.invalidArgument("This key does not support automatic rotation.");
            }
        }
        if (period != null) {
            requireBetween("rotationPeriod", period, ROTATION_AT_LEAST, ROTATION_AT_MOST);
            if (next == null) {
                throw GoogleFailure.invalidArgument("With a rotationPeriod the nextRotationTime must be set.");
            }
        }
        // A time that has passed is no reason to make up for a thousand rotations.
        key.rotate(period, next != null && next.isBefore(state.now()) ? state.now() : next);
    }

    private static Map<String, String> labels(JsonNode json) {
        Map<String, String> labels = new TreeMap<>();
        json.properties().forEach(label -> {
            String value = label.getValue().asText();
            if (!LABEL_KEY.matcher(label.getKey()).matches()
                    || !LABEL_VALUE.matcher(value).matches()) {
                throw GoogleFailure.invalidArgument("The label '" + label.getKey() + "' is invalid.");
            }
            labels.put(label.getKey(), value);
        });
        if (labels.size() > LABELS_AT_MOST) {
            throw GoogleFailure.invalidArgument("A key has at most " + LABELS_AT_MOST + " labels.");
        }
        return labels;
    }

    // --- versions ------------------------------------------------------------------------------------------------

    ObjectNode listVersions(KmsCall call) {
        return GooglePage.counted(
                "cryptoKeyVersions", state.key(call.key()).versions(), call.http(), KmsVersion::toJson);
    }

    ObjectNode getVersion(KmsCall call) {
        return state.version(call.resource()).toJson();
    }

    ObjectNode createVersion(KmsCall call) {
        KmsKey key = state.key(call.key());
        if (key.traits().importOnly()) {
            throw GoogleFailure.failedPrecondition(key.name() + " is import-only.");
        }
        return key.addVersion(state.now()).toJson();
    }

    ObjectNode updateVersion(KmsCall call) {
        KmsVersion version = state.version(call.resource());
        if (!mask(call).equals(List.of("state"))) {
            throw GoogleFailure.invalidArgument("Only the field 'state' of a version can be updated.");
        }
        String next = KmsEnum.read(call.body(), "state");
        if (!Set.of("ENABLED", "DISABLED").contains(next)) {
            throw GoogleFailure.invalidArgument("A version cannot be updated to the state '" + next + "'.");
        }
        requireState(version, "ENABLED", "DISABLED");
        return moved(version, next, call);
    }

    ObjectNode destroyVersion(KmsCall call) {
        KmsVersion version = state.version(call.resource());
        requireState(version, "ENABLED", "DISABLED");
        return moved(version, "DESTROY_SCHEDULED", call);
    }

    ObjectNode restoreVersion(KmsCall call) {
        KmsVersion version = state.version(call.resource());
        requireState(version, "DESTROY_SCHEDULED");
        return moved(version, "DISABLED", call);
    }

    private ObjectNode moved(KmsVersion version, String next, KmsCall call) {
        version.moveTo(next, state.now(), state.key(call.key()).traits().destroyScheduledDuration());
        return version.toJson();
    }

    private static void requireState(KmsVersion version, String... permitted) {
        if (!List.of(permitted).contains(version.state())) {
            throw GoogleFailure.failedPrecondition(
                    version.name() + " has the state " + version.state() + ", which does not permit this.");
        }
    }

    // --- requests ------------------------------------------------------------------------------------------------

    /** The paths of the update mask, in camel case; the API takes snake case as well. */
    private static List<String> mask(KmsCall call) {
        String mask = call.parameter("updateMask");
        if (mask.isBlank()) {
            throw GoogleFailure.invalidArgument("The updateMask is missing.");
        }
        List<String> paths = new ArrayList<>();
        for (String path : mask.split(",", -1)) {
            paths.add(Pattern.compile("_([a-z])")
                    .matcher(path.strip())
                    .replaceAll(match -> match.group(1).toUpperCase(java.util.Locale.ROOT)));
        }
        return paths;
    }

    private static String requireId(String parameter, String id) {
        return Optional.of(id)
                .filter(value -> ID.matcher(value).matches())
                .orElseThrow(() -> GoogleFailure.invalidArgument(
                        "The " + parameter + " '" + id + "' does not match " + ID.pattern() + "."));
    }

    private static void requireBetween(String field, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw GoogleFailure.invalidArgument("The " + field + " must be between " + GoogleTime.text(least) + " and "
                    + GoogleTime.text(most) + ".");
        }
    }
}
