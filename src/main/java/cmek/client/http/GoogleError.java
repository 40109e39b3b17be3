package cmek.client.http;

import cmek.finding.Finding;
import cmek.finding.OrganizationConstraints;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An error of a Google API, read from its status and typed details and never from its message text.
 *
 * @see <a href="https://cloud.google.com/apis/design/errors">Errors</a>
 */
public final class GoogleError {

    private static final String KMS = "cloudkms.googleapis.com";
    private static final int READ_AT_MOST = 256 * 1024;
    private static final Pattern CONSTRAINT = Pattern.compile("(customC|c)onstraints/.+");
    private static final Pattern FIRST_CONSTRAINT = Pattern.compile("[A-Za-z0-9._/-]+");
    private static final Pattern PROJECT = Pattern.compile("projects/([^/]+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int code;
    private final String status;
    private final JsonNode details;
    private final @Nullable Duration retryAfter;
    private final @Nullable String requestId;

    private GoogleError(
            int code, String status, JsonNode details, @Nullable Duration retryAfter, @Nullable String requestId) {
        this.code = code;
        this.status = status;
        this.details = details;
        this.retryAfter = retryAfter;
        this.requestId = requestId;
    }

    /**
     * Reads the body of an error, which may be anything: a proxy's HTML, half a JSON object, nothing.
     *
     * @param requestId from the answer's headers; an id in the body takes precedence
     */
    public static GoogleError of(int code, String body, Optional<Duration> retryAfter, Optional<String> requestId) {
        JsonNode error = body.length() > READ_AT_MOST
                ? MissingNode.getInstance()
                : parsed(body).path("error");
        JsonNode details = error.path("details");
        return new GoogleError(
                code,
                SafeText.sanitize(error.path("status").asText(""), 40),
                details,
                retryAfter.orElse(null),
                nonEmpty(detail(details, "RequestInfo").path("requestId"))
                        .or(() -> requestId)
                        .map(id -> SafeText.sanitize(id, 100))
                        .orElse(null));
    }

    public int code() {
        return code;
    }

    /** Google's word: {@code ALREADY_EXISTS}, {@code ABORTED}, {@code FAILED_PRECONDITION}, …; may be empty. */
    public String status() {
        return status;
    }

    /** Whether the API itself says so: a 404 of a proxy, or of an address that is wrong, says nothing about a key. */
    public boolean isNotFound() {
        return code == 404 && status.equals("NOT_FOUND");
    }

    /** Google's id of the request, where it gave one; safe to show. */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    /** Whether the same call may succeed later without anybody acting. */
    public boolean isPassing() {
        return code == 429 || code >= 500 || code == 408 || status.equals("ABORTED");
    }

    /** Status, reason and the missing permission, as far as the error names them; for people. */
    public String inWords() {
        return code + " " + SafeText.sanitize(status, 40) + described()
                + metadata("service")
                        .map(service -> " " + SafeText.sanitize(service, 100))
                        .orElse("")
                + metadata("permission")
                        .map(permission -> " " + SafeText.sanitize(permission, 100))
                        .orElse("");
    }

    /**
     * What the caller throws.
     *
     * @param operation in the API's own words, for a person
     * @param resource what the call was about
     */
    public RuntimeException toException(String operation, String resource) {
        if (isPassing()) {
            boolean quota = code == 429 || status.equals("RESOURCE_EXHAUSTED");
            return new TransientException(
                    quota ? Reason.QUOTA_EXHAUSTED : Reason.GOOGLE_UNAVAILABLE,
                    operation + " answered " + code + " " + status + named(),
                    null,
                    retryAfter,
                    requestId);
        }
        Finding finding = finding(operation, resource);
        return new PermanentException(finding.message(finding.message() + named()), requestId);
    }

    private String named() {
        return requestId == null ? "" : " (request id " + requestId + ")";
    }

    private Finding finding(String operation, String resource) {
        String project = project(resource);
        Optional<String> constraint = constraint();
        if (constraint.isPresent()) {
            return ProjectFindings.constraintViolated(operation, resource, project, constraint.get());
        }
        return switch (errorInfo("reason").orElse("")) {
            case "SERVICE_DISABLED" ->
                metadata("service")
                        .map(service -> disabled(service, project, operation))
                        .orElseGet(() -> ProjectFindings.googleRefused(
                                operation + " on " + resource, code + " " + status + described()));
            case "BILLING_DISABLED" -> ProjectFindings.billingDisabled(project);
            case "LOCATION_ORG_POLICY_VIOLATED" ->
                ProjectFindings.constraintViolated(
                        operation, resource, project, OrganizationConstraints.RESOURCE_LOCATIONS);
            case "SECURITY_POLICY_VIOLATED" ->
                ProjectFindings.servicePerimeter(
                        resource,
                        metadata("vpcServiceControlsUniqueIdentifier")
                                .or(() -> metadata("uid"))
                                .orElse(null));
            default ->
                code == 401 || code == 403
                        ? ProjectFindings.permissionDenied(
                                metadata("permission").orElse(null),
                                metadata("resource").orElse(resource))
                        : ProjectFindings.googleRefused(
                                operation + " on " + resource, code + " " + status + described());
        };
    }

    /** A call may need more than one API, and not each of them is Cloud KMS. */
    private static Finding disabled(String service, String project, String operation) {
        return service.equals(KMS)
                ? ProjectFindings.kmsApiDisabled(project)
                : ProjectFindings.apiDisabled(service, operation);
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

    private String described() {
        return errorInfo("reason")
                .map(reason -> " " + SafeText.sanitize(reason, 60))
                .orElse("");
    }

    private JsonNode detail(String type) {
        return detail(details, type);
    }

    private static JsonNode detail(JsonNode details, String type) {
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
        Matcher matcher = PROJECT.matcher(resource);
        return matcher.find() ? matcher.group(1) : resource;
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
