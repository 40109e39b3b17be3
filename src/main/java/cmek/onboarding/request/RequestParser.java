package cmek.onboarding.request;

import cmek.finding.Finding;
import cmek.finding.RequestFindings;
import cmek.model.OnboardingRequest;
import cmek.model.Policy;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Reads a request as strictly as JSON can be read: no unknown field, no duplicate one, no wrong type, nothing after the
 * object. Whatever is wrong is reported together, each with the field, what was there and what is allowed.
 */
@Singleton
public final class RequestParser {

    /** A request is well under 2 KiB; what is larger than this many bytes is not read at all. */
    static final int BYTES_AT_MOST = 64 * 1024;

    /** How deeply a request may be nested. */
    public static final int DEPTH_AT_MOST = 32;

    private static final JsonMapper JSON = JsonMapper.builder(strictJson())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Policy policy;

    /** JSON as requests are read: not deep, and without a name twice in one object. */
    public static JsonFactory strictJson() {
        return JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEPTH_AT_MOST)
                        .build())
                .build();
    }

    @Inject
    public RequestParser(Policy policy) {
        this.policy = policy;
    }

    /**
     * Reads a request.
     *
     * @param data the data of the message, as it came
     * @param messageId the request's id where it bears none that can be used
     */
    public ParseResult parse(byte[] data, String messageId) {
        if (data.length == 0) {
            return unreadable(messageId, "it is empty");
        }
        if (data.length > BYTES_AT_MOST) {
            return unreadable(messageId, "it has " + data.length + " bytes and " + BYTES_AT_MOST + " are allowed");
        }
        JsonNode json;
        try {
            json = JSON.readTree(data);
        } catch (JsonProcessingException e) {
            return unreadable(messageId, JsonFault.describe(e) + where(e));
        } catch (IOException e) {
            return unreadable(messageId, "it is not text in UTF-8");
        }
        return json.isObject()
                ? new RequestReader(policy).read(json, messageId)
                : unreadable(messageId, "it is " + RequestReader.kind(json));
    }

    /**
     * Reads a request that was taken before as if it came now: what an event says of it is as good as what a message says.
     *
     * @return why it would be sent back; empty when it would be taken as it is
     */
    public Optional<Finding> recheck(OnboardingRequest request) {
        ParseResult reading = new RequestReader(policy).read(asWritten(request), request.requestId());
        if (reading instanceof ParseResult.Rejected rejected) {
            return Optional.of(rejected.finding());
        }
        return reading.equals(new ParseResult.Accepted(request))
                ? Optional.empty()
                : Optional.of(RequestFindings.unreadable("it is not an event of the step before"));
    }

    private static ObjectNode asWritten(OnboardingRequest request) {
        ObjectNode json = JSON.createObjectNode()
                .put("requestId", request.requestId())
                .put("mode", request.mode().word())
                .put("displayName", request.displayName())
                .put("acknowledgePermanent", request.acknowledgePermanent())
                .put("acknowledgeDefaultWorkspace", request.acknowledgeDefaultWorkspace());
        request.workspaceId().ifPresent(id -> json.put("workspaceId", id.value()));
        ObjectNode key = json.putObject("key")
                .put("project", request.key().project())
                .put("location", request.key().location())
                .put("keyRing", request.key().keyRing())
                .put("name", request.key().name());
        request.protectionLevel().ifPresent(level -> key.put("protectionLevel", level.name()));
        request.rotationPeriod().ifPresent(period -> key.put("rotationPeriod", period.toString()));
        request.destroyScheduledDuration()
                .ifPresent(duration -> key.put("destroyScheduledDuration", duration.toString()));
        ObjectNode labels = key.putObject("labels");
        request.labels().forEach(labels::put);
        return json;
    }

    private static String where(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
    }

    private static ParseResult unreadable(String messageId, String why) {
        Finding finding = RequestFindings.unreadable(why);
        return new ParseResult.Rejected(messageId, finding, List.of(new ParseResult.Violation("", finding)));
    }
}
