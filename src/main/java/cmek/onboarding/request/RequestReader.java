package cmek.onboarding.request;

import cmek.finding.Reason;
import cmek.finding.RequestFindings;
import cmek.model.CryptoKeyName;
import cmek.model.KmsIds;
import cmek.model.Mode;
import cmek.model.OnboardingRequest;
import cmek.model.OrganizationLabel;
import cmek.model.Policy;
import cmek.model.ProtectionLevel;
import cmek.model.SafeText;
import cmek.model.WorkspaceId;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the fields of one request, and gathers whatever is wrong with them. */
final class RequestReader {

    /** As Cloud KMS takes them: letters of any script, without upper case, and up to 63 characters. */
    private static final Pattern LABEL_KEY = Pattern.compile("[\\p{Ll}\\p{Lo}][\\p{Ll}\\p{Lo}\\p{N}_-]{0,62}");

    private static final Pattern LABEL_VALUE = Pattern.compile("[\\p{Ll}\\p{Lo}\\p{N}_-]{0,63}");
    private static final Pattern AROUND = Pattern.compile("^[ \\t\\r\\n]+|[ \\t\\r\\n]+$");

    /** What stands in front of a key's name where Google shows it as a URL or as the name of a resource. */
    private static final Pattern SELF_LINK =
            Pattern.compile("^(https://cloudkms\\.googleapis\\.com/v1|//cloudkms\\.googleapis\\.com)/");

    private static final Pattern NAME_OF_A_KEY = Pattern.compile(
            "(?<name>projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[A-Za-z0-9_-]{1,63})(/|$)");
    private static final Pattern PROJECT_AND_LOCATION = Pattern.compile(
            "^projects/(?<project>" + KmsIds.PROJECT + ")/locations/(?<location>" + KmsIds.LOCATION + ")/");
    private static final Pattern NUMBER_WITH_UNIT = Pattern.compile("(?<number>[0-9]{1,12})(?<unit>[smhd])");

    private static final String RESERVED_LABEL = "anthropic-org-";

    private static final List<String> FIELDS = List.of(
            "requestId",
            "mode",
            "key",
            "displayName",
            "workspaceId",
            "acknowledgePermanent",
            "acknowledgeDefaultWorkspace");
    private static final List<String> KEY_FIELDS = List.of(
            "project",
            "location",
            "keyRing",
            "name",
            "protectionLevel",
            "rotationPeriod",
            "destroyScheduledDuration",
            "labels");

    /** A field whose name contains one of these, letters only, tries to say who is granted the key. */
    private static final List<String> PRINCIPAL_WORDS =
            List.of("serviceaccount", "member", "principal", "email", "grantee", "binding");

    private final Policy policy;
    private final Violations faults = new Violations();

    RequestReader(Policy policy) {
        this.policy = policy;
    }

    ParseResult read(JsonNode json, String messageId) {
        refuseUnknown("", json, FIELDS);

        String requestId = text(json, "requestId")
                .filter(id -> matches("requestId", OnboardingRequest.ID, id))
                .orElse(messageId);
        Mode mode = word(json, "mode", Mode.values(), Mode::word).orElse(Mode.PROVISION);
        boolean acknowledged = flag(json, "acknowledgePermanent");
        boolean defaultAcknowledged = flag(json, "acknowledgeDefaultWorkspace");
        Key key = key(json.path("key"));
        Optional<WorkspaceId> workspace = workspace(json, key.name(), acknowledged);
        Optional<String> displayName = text(json, "displayName").filter(name -> isDisplayName(name));

        CryptoKeyName keyName = key.name();
        if (keyName != null && !SafeText.redact(keyName.toString()).equals(keyName.toString())) {
            // All that is written is redacted: a key of another name would be created.
            invalid(
                    "key",
                    "key looks like a credential: " + SafeText.quote(keyName.toString()),
                    "use a key and a key ring whose names do not look like a credential of Anthropic or Google");
        }
        if (!faults.isEmpty() || keyName == null) {
            return faults.rejected(requestId);
        }
        return new ParseResult.Accepted(new OnboardingRequest(
                requestId,
                mode,
                keyName,
                key.protectionLevel(),
                key.rotationPeriod(),
                key.destroyScheduledDuration(),
                key.labels(),
                displayName.orElse(keyName.name()),
                workspace,
                acknowledged,
                defaultAcknowledged));
    }

    // --- the key -------------------------------------------------------------------------------------------------

    /** The key's part of a request; the name is null only when a fault says why. */
    private record Key(
            @Nullable CryptoKeyName name,
            Optional<ProtectionLevel> protectionLevel,
            Optional<Duration> rotationPeriod,
            Optional<Duration> destroyScheduledDuration,
            Map<String, String> labels) {}

    private Key key(JsonNode key) {
        if (key.isTextual()) {
            return new Key(parsed(key.asText()), Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
        }
        if (!key.isObject()) {
            invalid(
                    "key",
                    "key is " + (absent(key) ? "missing" : kind(key)),
                    "set key to an object with project, location, keyRing and name, or to the key's full resource name");
            return new Key(null, Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
        }
        refuseUnknown("key.", key, KEY_FIELDS);
        CryptoKeyName name = assembled(key);
        Optional<ProtectionLevel> level =
                word(key, "key.protectionLevel", ProtectionLevel.values(), ProtectionLevel::name);
        level.filter(wanted -> !policy.allows(wanted))
                .ifPresent(wanted -> faults.add(
                        "key.protectionLevel",
                        Reason.PROTECTION_LEVEL_NOT_ALLOWED,
                        "key.protectionLevel is " + wanted + " and the policy allows " + allowedLevels(),
                        "set key.protectionLevel to one of " + allowedLevels()
                                + ", or have the operators add it to cmek.policy.protection-levels"));
        return new Key(
                name,
                level,
                duration(
                        key,
                        "key.rotationPeriod",
                        OnboardingRequest.ROTATION_AT_LEAST,
                        OnboardingRequest.ROTATION_AT_MOST),
                duration(
                        key,
                        "key.destroyScheduledDuration",
                        OnboardingRequest.DESTROY_AT_LEAST,
                        OnboardingRequest.DESTROY_AT_MOST),
                labels(key.path("labels")));
    }

    private String allowedLevels() {
        return policy.protectionLevels().stream()
                .map(ProtectionLevel::name)
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private @Nullable CryptoKeyName parsed(String given) {
        String text = SELF_LINK.matcher(stripped(given)).replaceFirst("");
        try {
            CryptoKeyName key = CryptoKeyName.parse(text);
            checkPolicy(key.project(), key.location());
            return key;
        } catch (IllegalArgumentException e) {
            boolean version = text.contains("/cryptoKeyVersions/");
            invalid(
                    "key",
                    "key is " + SafeText.quote(given)
                            + (version ? ", a key version" : ", not a key's full resource name"),
                    meant(text)
                            .map(key -> "set key to \"" + key + "\""
                                    + (version ? ": Anthropic always uses the primary version" : ""))
                            .orElse(
                                    "set key to projects/PROJECT/locations/LOCATION/keyRings/KEY_RING/cryptoKeys/KEY, where"
                                            + " PROJECT is a project id and the ids consist of letters, digits, _ and -"));
            Matcher parts = PROJECT_AND_LOCATION.matcher(text);
            if (parts.find()) {
                checkPolicy(parts.group("project"), parts.group("location"));
            }
            return null;
        }
    }

    /** The key in a text that has more in it than a key's name. */
    private static Optional<CryptoKeyName> meant(String text) {
        Matcher name = NAME_OF_A_KEY.matcher(text);
        if (!name.find()) {
            return Optional.empty();
        }
        try {
            return Optional.of(CryptoKeyName.parse(name.group("name")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private @Nullable CryptoKeyName assembled(JsonNode key) {
        String project = part(key, "project", KmsIds.PROJECT);
        String location = part(key, "location", KmsIds.LOCATION);
        String keyRing = part(key, "keyRing", KmsIds.ID);
        String name = part(key, "name", KmsIds.ID);
        checkPolicy(project, location);
        return project == null || location == null || keyRing == null || name == null
                ? null
                : new CryptoKeyName(project, location, keyRing, name);
    }

    /** What people copy may have a line break or blanks around it; nothing else is left out. */
    private static String stripped(String text) {
        return AROUND.matcher(text).replaceAll("");
    }

    private @Nullable String part(JsonNode key, String field, Pattern pattern) {
        String path = "key." + field;
        if (absent(key.path(field))) {
            invalid(path, path + " is missing", "set " + path + ", which must match " + pattern.pattern());
            return null;
        }
        return text(key, path)
                .map(RequestReader::stripped)
                .filter(value -> matches(path, pattern, value))
                .orElse(null);
    }

    /** Whatever else is wrong with the key: a request is not refused twice where once would do. */
    private void checkPolicy(@Nullable String project, @Nullable String location) {
        if (location != null && !policy.allowsLocation(location)) {
            faults.add(
                    "key.location",
                    Reason.LOCATION_NOT_SUPPORTED,
                    "key.location is " + location + ", which is "
                            + (Policy.US_REGIONS.contains(location)
                                    ? "not on the list of allowed locations"
                                    : "no single region in the United States"),
                    "use one of " + String.join(", ", policy.allowedLocations()) + " (recommended: "
                            + String.join(", ", Policy.RECOMMENDED_REGIONS) + ")");
        }
        if (project != null && !policy.allowsProject(project)) {
            faults.add(
                    "key.project",
                    Reason.PROJECT_NOT_ALLOWED,
                    "key.project is " + project + " and allowed are "
                            + (policy.allowedProjects().isEmpty()
                                    ? "none"
                                    : String.join(", ", policy.allowedProjects())),
                    "have the operators of this service add " + project + " to cmek.policy.allowed-projects");
        }
    }

    /** A letter of another script must not pass for one of the reserved name's. */
    private static boolean readsLikeReserved(String name) {
        int[] points = name.codePoints().toArray();
        if (points.length < RESERVED_LABEL.length()) {
            return false;
        }
        int same = 0;
        for (int i = 0; i < RESERVED_LABEL.length(); i++) {
            if (points[i] == RESERVED_LABEL.charAt(i)) {
                same++;
            } else if (points[i] < 128) {
                return false;
            }
        }
        return same > RESERVED_LABEL.length() / 2;
    }

    private Map<String, String> labels(JsonNode json) {
        Map<String, String> labels = new LinkedHashMap<>();
        if (absent(json)) {
            return labels;
        }
        if (!json.isObject()) {
            invalid("key.labels", "key.labels is " + kind(json), "set key.labels to an object of names and values");
            return labels;
        }
        json.properties().forEach(label -> {
            String name = label.getKey();
            JsonNode value = label.getValue();
            String shown = "key.labels[" + SafeText.quote(name) + "]";
            if (readsLikeReserved(name)) {
                invalid(
                        "key.labels." + name,
                        shown + " is reserved",
                        "leave out labels that begin with " + RESERVED_LABEL
                                + ": the organization's own is set by the service");
            } else if (!LABEL_KEY.matcher(name).matches()) {
                invalid(
                        "key.labels." + name,
                        shown + " is not a label's name",
                        "names of labels begin with a letter; they are of letters without upper case, digits, _ and -, at most 63");
            } else if (!value.isTextual()
                    || !LABEL_VALUE.matcher(value.asText()).matches()) {
                invalid(
                        "key.labels." + name,
                        shown + " is " + shown(value),
                        "values of labels are strings of letters without upper case, digits, _ and -, at most 63");
            } else {
                labels.put(name, value.asText());
            }
        });
        int atMost = OrganizationLabel.LABELS_AT_MOST - 1;
        if (json.size() > atMost) {
            invalid(
                    "key.labels",
                    "key.labels has " + json.size() + " labels",
                    "use at most " + atMost + " labels: Cloud KMS keeps 64 and the organization's is one of them");
        }
        return labels;
    }

    // --- the workspace -------------------------------------------------------------------------------------------

    private Optional<WorkspaceId> workspace(JsonNode json, @Nullable CryptoKeyName key, boolean acknowledged) {
        Optional<WorkspaceId> workspace = text(json, "workspaceId")
                .filter(id -> matches("workspaceId", WorkspaceId.PATTERN, id))
                .map(WorkspaceId::new);
        workspace
                .filter(id -> key == null ? !policy.allowsWorkspace(id) : !policy.allowsWorkspace(key.project(), id))
                .ifPresent(id -> faults.add(
                        "workspaceId",
                        Reason.WORKSPACE_NOT_ALLOWED,
                        "workspaceId is " + id + " and allowed are "
                                + (policy.allowedWorkspaces().isEmpty()
                                        ? "none"
                                        : String.join(", ", policy.allowedWorkspaces())),
                        "have the operators of this service add " + (key == null ? "" : key.project() + "=") + id
                                + " to cmek.policy.allowed-workspaces"));
        if (!absent(json.path("workspaceId")) && !acknowledged) {
            faults.add("acknowledgePermanent", RequestFindings.permanenceNotAcknowledged());
        }
        return workspace;
    }

    private boolean isDisplayName(String name) {
        boolean usable = OnboardingRequest.isDisplayName(name);
        if (!usable) {
            invalid(
                    "displayName",
                    "displayName is " + SafeText.quote(name),
                    "use 1 to " + OnboardingRequest.DISPLAY_NAME_AT_MOST + " visible characters on one line");
        }
        return usable;
    }

    // --- values --------------------------------------------------------------------------------------------------

    private void refuseUnknown(String parent, JsonNode object, List<String> known) {
        object.fieldNames().forEachRemaining(field -> {
            if (known.contains(field)) {
                return;
            }
            String path = parent + SafeText.sanitize(field, 60);
            if (namesPrincipal(field)) {
                faults.add(
                        path,
                        Reason.PRINCIPAL_NOT_ACCEPTED,
                        path + " names a principal",
                        "leave out " + path + ": access is granted to Anthropic's published service account and to no"
                                + " other, whatever a message says");
            } else {
                invalid(
                        path,
                        "unknown field " + path,
                        "leave out " + path + "; allowed here are " + String.join(", ", known));
            }
        });
    }

    private static boolean namesPrincipal(String field) {
        String letters = field.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
        return PRINCIPAL_WORDS.stream().anyMatch(letters::contains);
    }

    private Optional<String> text(JsonNode object, String path) {
        JsonNode value = at(object, path);
        if (absent(value)) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            invalid(path, path + " is " + shown(value), "set " + path + " to a string");
            return Optional.empty();
        }
        return Optional.of(value.asText());
    }

    private boolean flag(JsonNode object, String path) {
        JsonNode value = at(object, path);
        if (absent(value)) {
            return false;
        }
        if (!value.isBoolean()) {
            invalid(path, path + " is " + shown(value), "set " + path + " to true or false, without quotation marks");
        }
        return value.asBoolean(false) && value.isBoolean();
    }

    private <E> Optional<E> word(JsonNode object, String path, E[] values, Function<E, String> word) {
        Optional<String> text = text(object, path);
        Optional<E> value = text.flatMap(given ->
                Arrays.stream(values).filter(v -> word.apply(v).equals(given)).findFirst());
        if (text.isPresent() && value.isEmpty()) {
            invalid(
                    path,
                    path + " is " + SafeText.quote(text.get()),
                    "set " + path + " to one of "
                            + Arrays.stream(values).map(word).collect(Collectors.joining(", ")));
        }
        return value;
    }

    private Optional<Duration> duration(JsonNode object, String path, Duration atLeast, Duration atMost) {
        JsonNode value = at(object, path);
        if (absent(value)) {
            return Optional.empty();
        }
        // A number is refused, because it could be seconds or days; how it would be read is said.
        Optional<Duration> given = value.isTextual()
                ? parsedDuration(stripped(value.asText()))
                : Optional.of(value)
                        .filter(JsonNode::canConvertToInt)
                        .map(JsonNode::asInt)
                        .map(Duration::ofSeconds);
        Optional<Duration> duration = given.filter(found -> value.isTextual()
                && found.equals(found.truncatedTo(ChronoUnit.SECONDS))
                && found.compareTo(atLeast) >= 0
                && found.compareTo(atMost) <= 0);
        if (duration.isEmpty()) {
            String meant = given.map(found -> clamped(found, atLeast, atMost))
                    .map(RequestReader::written)
                    .orElse("P90D");
            invalid(
                    path,
                    path + " is " + (value.isTextual() ? SafeText.quote(value.asText()) : shown(value)),
                    "set " + path + " to a duration between P" + atLeast.toDays() + "D and P" + atMost.toDays()
                            + "D, such as \"" + meant + "\"");
        }
        return duration;
    }

    private static Duration clamped(Duration given, Duration atLeast, Duration atMost) {
        // The most negative duration has no counterpart.
        Duration meant = given.isNegative() && given.compareTo(atMost.negated()) > 0 ? given.negated() : given;
        return meant.compareTo(atLeast) < 0
                ? atLeast
                : meant.compareTo(atMost) > 0 ? atMost : meant.truncatedTo(ChronoUnit.SECONDS);
    }

    private static String written(Duration duration) {
        return duration.equals(Duration.ofDays(duration.toDays()))
                ? "P" + duration.toDays() + "D"
                : duration.toString();
    }

    /** As ISO 8601 has it, as Cloud KMS and Terraform show it (7776000s), or as gcloud takes it (90d). */
    private static Optional<Duration> parsedDuration(String text) {
        Matcher units = NUMBER_WITH_UNIT.matcher(text);
        if (units.matches()) {
            long number = Long.parseLong(units.group("number"));
            return Optional.of(
                    switch (units.group("unit")) {
                        case "d" -> Duration.ofDays(number);
                        case "h" -> Duration.ofHours(number);
                        case "m" -> Duration.ofMinutes(number);
                        default -> Duration.ofSeconds(number);
                    });
        }
        try {
            return Optional.of(Duration.parse(text));
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private boolean matches(String path, Pattern pattern, String value) {
        boolean matches = pattern.matcher(value).matches();
        if (!matches) {
            invalid(path, path + " is " + SafeText.quote(value), path + " must match " + pattern.pattern());
        }
        return matches;
    }

    private static JsonNode at(JsonNode object, String path) {
        JsonNode value = object.get(path.substring(path.lastIndexOf('.') + 1));
        return value == null ? MissingNode.getInstance() : value;
    }

    private static boolean absent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static String shown(JsonNode value) {
        return value.isContainerNode() ? kind(value) : SafeText.sanitize(value.toString(), 100);
    }

    static String kind(JsonNode json) {
        return switch (json.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            default -> "nothing";
        };
    }

    private void invalid(String field, String message, String remedy) {
        faults.add(field, Reason.INVALID_REQUEST, message, remedy);
    }
}
