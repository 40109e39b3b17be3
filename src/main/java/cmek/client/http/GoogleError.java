package cmek.client.http;

import cmek.finding.Finding;
import cmek.finding.GoogleReasons;
import cmek.finding.PermanentException;
import cmek.finding.ProjectFindings;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.SafeText;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An error of a Google API, read from its status and typed details and never from its message text, which is only shown.
 *
 * <p>An answer that is not in Google's form came from something else on the way, a front end or a proxy, and says nothing
 * about what was asked, whatever its status: the same call may succeed later.
 *
 * @see <a href="https://cloud.google.com/apis/design/errors">Errors</a>
 */
public final class GoogleError {

    private static final String KMS = "cloudkms.googleapis.com";
    private static final String SET_IAM_POLICY = "SetIamPolicy";
    private static final int READ_AT_MOST = 256 * 1024;
    private static final int TEXT_SHOWN = 300;
    private static final int UNAUTHENTICATED = 401;
    private static final Pattern CONSTRAINT = Pattern.compile("(customC|c)onstraints/.+");
    private static final Pattern FIRST_CONSTRAINT = Pattern.compile("[A-Za-z0-9._/-]+");
    private static final Pattern PROJECT = Pattern.compile("projects/([^/]+)");
    private static final Pattern DENIAL = Pattern.compile("[A-Za-z0-9_-]{8,200}");

    private static final Set<String> QUOTA = Set.of("RATE_LIMIT_EXCEEDED", "RESOURCE_QUOTA_EXCEEDED");

    /** The same in the older form that Cloud Storage has. */
    private static final Set<String> LEGACY_QUOTA = Set.of("rateLimitExceeded", "userRateLimitExceeded");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final int code;
    private final boolean ofApi;
    private final String status;
    private final String text;
    private final String legacyReason;
    private final JsonNode details;
    private final @Nullable Duration retryAfter;
    private final @Nullable String requestId;

    private GoogleError(
            int code, boolean ofApi, JsonNode error, @Nullable Duration retryAfter, @Nullable String requestId) {
        this.code = code;
        this.ofApi = ofApi;
        this.status = SafeText.sanitize(error.path("status").asText(""), 40);
        this.text = SafeText.sanitize(error.path("message").asText(""), TEXT_SHOWN);
        this.legacyReason = error.path("errors").path(0).path("reason").asText("");
        this.details = error.path("details");
        this.retryAfter = retryAfter;
        this.requestId = nonEmpty(detail("RequestInfo").path("requestId"))
                .or(() -> Optional.ofNullable(requestId))
                .map(id -> SafeText.sanitize(id, 100))
                .orElse(null);
    }

    /**
     * Reads the body of an error, which may be anything: a proxy's HTML, half a JSON object, nothing. Only one in Google's
     * form counts as the API's.
     *
     * @param requestId from the answer's headers; an id in the body takes precedence
     */
    public static GoogleError of(int code, String body, Optional<Duration> retryAfter, Optional<String> requestId) {
        return of(code, body, retryAfter, requestId, text -> false);
    }

    /**
     * The same for an API that has another form beside it.
     *
     * @param otherForm whether a body that is not Google's JSON is the API's all the same
     */
    static GoogleError of(
            int code,
            String body,
            Optional<Duration> retryAfter,
            Optional<String> requestId,
            Predicate<String> otherForm) {
        JsonNode error = body.length() > READ_AT_MOST
                ? MissingNode.getInstance()
                : parsed(body).path("error");
        return new GoogleError(
                code, isGoogles(error) || otherForm.test(body), error, retryAfter.orElse(null), requestId.orElse(null));
    }

    /** Cloud Storage's errors have a code and no status. */
    private static boolean isGoogles(JsonNode error) {
        return error.isObject()
                && (error.path("code").isIntegralNumber()
                        || error.path("status").isTextual());
    }

    public int code() {
        return code;
    }

    /** Google's word: {@code ALREADY_EXISTS}, {@code ABORTED}, {@code FAILED_PRECONDITION}, …; may be empty. */
    public String status() {
        return status;
    }

    /** Whether the API answered, and not something else on the way to it. */
    public boolean isOfApi() {
        return ofApi;
    }

    /** Whether the API itself says so: a 404 of a proxy, or of an address that is wrong, says nothing about a key. */
    public boolean isNotFound() {
        return ofApi && code == 404 && status.equals("NOT_FOUND");
    }

    /** Whether Google does not accept the access token; the call was not made. A single one happens and means little. */
    public boolean isUnauthenticated() {
        return code == UNAUTHENTICATED;
    }

    /** Google's id of the request, where it gave one; safe to show. */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    /** Whether the same call may succeed later without anybody acting. */
    public boolean isPassing() {
        return !ofApi || isOverload() || isUnauthenticated() || status.equals("ABORTED") || isQuota();
    }

    private boolean isOverload() {
        return code == 429 || code >= 500 || code == 408;
    }

    /** A quota that is used up, as Google itself says: a proxy may answer 429 as well. */
    private boolean isQuota() {
        return ofApi
                && (code == 429
                        || status.equals("RESOURCE_EXHAUSTED")
                        || (code == 403 && (QUOTA.contains(word()) || LEGACY_QUOTA.contains(legacyReason))));
    }

    /** Google's own word for the cause, safe to show: of ErrorInfo, else of the violated precondition; may be empty. */
    public String word() {
        return SafeText.sanitize(
                errorInfo("reason")
                        .or(() -> nonEmpty(detail("PreconditionFailure")
                                        .path("violations")
                                        .path(0)
                                        .path("type"))
                                .filter(type -> !CONSTRAINT.matcher(type).matches()))
                        .orElse(""),
                100);
    }

    /** Status, Google's own word and the missing permission, as far as the error names them; for people. */
    public String inWords() {
        return named()
                + metadata("service")
                        .map(service -> " " + SafeText.sanitize(service, 100))
                        .orElse("")
                + metadata("permission")
                        .map(permission -> " " + SafeText.sanitize(permission, 100))
                        .orElse("");
    }

    /** The status with Google's word. */
    private String named() {
        return code
                + (status.isEmpty() ? "" : " " + status)
                + (word().isEmpty() ? "" : " " + word())
                + (ofApi || isUnauthenticated() ? "" : " with something that is not Google's form of an error");
    }

    /**
     * What the caller throws.
     *
     * @param operation in the API's own words, for a person
     * @param resource what the call was about
     */
    public RuntimeException toException(String operation, String resource) {
        if (isPassing()) {
            TransientException passing = new TransientException(
                    isQuota() ? Reason.QUOTA_EXHAUSTED : Reason.GOOGLE_UNAVAILABLE,
                    operation + " answered " + named() + id(),
                    null,
                    retryAfter,
                    requestId);
            return isUnauthenticated() ? passing.turnedAway() : passing;
        }
        Finding finding = finding(operation, resource);
        String message = finding.message();
        // Whatever we make of it, Google's own word is what its documentation and its support know.
        String googles = word().isEmpty() || message.contains(word()) ? "" : " (Google's word: " + word() + ")";
        return new PermanentException(finding.message(message + googles + id()), requestId);
    }

    private String id() {
        return requestId == null ? "" : " (request id " + requestId + ")";
    }

    private Finding finding(String operation, String resource) {
        String project = project(resource);
        Optional<String> constraint = constraint().or(() -> GoogleReasons.constraint(word()));
        if (constraint.isPresent()) {
            return ProjectFindings.constraintViolated(operation, resource, project, constraint.get());
        }
        if (isPerimeter()) {
            return ProjectFindings.servicePerimeter(resource, denial().orElse(null));
        }
        return switch (word()) {
            case "SERVICE_DISABLED" ->
                metadata("service")
                        .map(service -> disabled(service, project, operation))
                        .orElseGet(() -> refused(operation, resource));
            case "BILLING_DISABLED" -> ProjectFindings.billingDisabled(project, consumer(project));
            case "", "IAM_PERMISSION_DENIED" -> withoutACauseOfItsOwn(operation, resource);
            default -> refused(operation, resource);
        };
    }

    /** What else is known has to do: the status, and what our call would have changed. */
    private Finding withoutACauseOfItsOwn(String operation, String resource) {
        if (code == 403) {
            Finding denied = ProjectFindings.permissionDenied(
                    metadata("permission").orElse(null), metadata("resource").orElse(resource));
            return metadata("permission").isPresent() || text.isEmpty()
                    ? denied
                    : denied.message(denied.message() + "; Google says: " + text);
        }
        // Our write only ever adds Anthropic's two bindings: nothing else in it could be refused by its content.
        boolean grantRefused = operation.equals(SET_IAM_POLICY)
                && (status.equals("FAILED_PRECONDITION") || status.equals("INVALID_ARGUMENT"));
        return grantRefused
                ? ProjectFindings.grantRefused(resource, project(resource), code + " " + status, text)
                : refused(operation, resource);
    }

    private Finding refused(String operation, String resource) {
        String meaning = GoogleReasons.meaning(word())
                .map(known -> ", which means that " + known)
                .orElse("");
        return ProjectFindings.googleRefused(
                operation + " on " + SafeText.sanitize(resource, 300),
                named() + meaning + (text.isEmpty() ? "" : "; Google says: " + text));
    }

    /** A call may need more than one API, and not each of them is Cloud KMS. */
    private Finding disabled(String service, String project, String operation) {
        Optional<String> consumer = consumer(project);
        return service.equals(KMS)
                ? ProjectFindings.kmsApiDisabled(project, consumer)
                : ProjectFindings.apiDisabled(
                        service, operation, metadata("consumer").flatMap(GoogleError::projectOf));
    }

    /** The project that Google counts the call against, where it is not the one that the call is about. */
    private Optional<String> consumer(String project) {
        return metadata("consumer").flatMap(GoogleError::projectOf).filter(other -> !other.equals(project));
    }

    /** VPC Service Controls speak by ErrorInfo, by a violated precondition, or by both. */
    private boolean isPerimeter() {
        if (word().equals("SECURITY_POLICY_VIOLATED")) {
            return true;
        }
        for (JsonNode violation : detail("PreconditionFailure").path("violations")) {
            if (violation.path("type").asText("").equals("VPC_SERVICE_CONTROLS")) {
                return true;
            }
        }
        return false;
    }

    /** The unique identifier of a perimeter's denial; without ErrorInfo it is the violation's description. */
    private Optional<String> denial() {
        return metadata("vpcServiceControlsUniqueIdentifier")
                .or(() -> metadata("uid"))
                .or(() -> nonEmpty(detail("PreconditionFailure")
                                .path("violations")
                                .path(0)
                                .path("description"))
                        .filter(id -> DENIAL.matcher(id).matches()));
    }

    /** The organization policy that an error names, by any of its forms. */
    private Optional<String> constraint() {
        for (JsonNode violation : detail("PreconditionFailure").path("violations")) {
            String type = violation.path("type").asText("");
            if (CONSTRAINT.matcher(type).matches()) {
                return Optional.of(type);
            }
        }
        return metadata("constraint").or(() -> metadata("constraintName")).or(this::customConstraint);
    }

    /** Managed and custom constraints; of several, the first. */
    private Optional<String> customConstraint() {
        return errorInfo("reason")
                .filter("CUSTOM_ORG_POLICY_VIOLATION"::equals)
                .flatMap(reason -> metadata("customConstraints"))
                .map(names -> FIRST_CONSTRAINT.matcher(names))
                .filter(Matcher::find)
                .map(Matcher::group);
    }

    private Optional<String> errorInfo(String field) {
        return nonEmpty(detail("ErrorInfo").path(field));
    }

    private Optional<String> metadata(String key) {
        return nonEmpty(detail("ErrorInfo").path("metadata").path(key));
    }

    private JsonNode detail(String type) {
        for (JsonNode detail : details) {
            if (detail.path("@type").asText("").endsWith("google.rpc." + type)) {
                return detail;
            }
        }
        return MissingNode.getInstance();
    }

    private static Optional<String> nonEmpty(JsonNode text) {
        return Optional.of(text.asText("")).filter(value -> !value.isEmpty());
    }

    private static String project(String resource) {
        return projectOf(resource).orElse(resource);
    }

    private static Optional<String> projectOf(String resource) {
        Matcher matcher = PROJECT.matcher(resource);
        return matcher.find() ? Optional.of(SafeText.sanitize(matcher.group(1), 60)) : Optional.empty();
    }

    private static JsonNode parsed(String body) {
        try {
            JsonNode json = JSON.readTree(body);
            return json == null ? MissingNode.getInstance() : json;
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
