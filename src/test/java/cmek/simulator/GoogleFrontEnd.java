package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;

/**
 * What stands before every Google API: it reads a request by the API's published structure, and refuses what does not
 * fit as Google does. It also holds the simulator itself to that structure: an answer that leaves it is a defect.
 *
 * <p>What a client sends that does not fit is refused, and noted in {@link Departures} besides, so that the test fails
 * even where the client survives the refusal.
 */
final class GoogleFrontEnd implements Simulator {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ApiStructure structure;
    private final Journal journal;
    private final String api;
    private final Simulator simulator;
    private final Function<List<ApiMessage.Violation>, Reply> refusal;

    /**
     * Stands before a simulator.
     *
     * @param structure the name of the structure
     * @param api as the journal names it
     * @param simulator gets bodies whose fields are all known, in camel case, and never null
     */
    GoogleFrontEnd(String structure, Journal journal, String api, Simulator simulator) {
        this(structure, journal, api, simulator, GoogleFrontEnd::badRequest);
    }

    /**
     * Stands before a simulator of an API whose errors are of another kind.
     *
     * @param refusal the answer to what is wrong with a request
     */
    GoogleFrontEnd(
            String structure,
            Journal journal,
            String api,
            Simulator simulator,
            Function<List<ApiMessage.Violation>, Reply> refusal) {
        this.structure = ApiStructure.of(structure);
        this.journal = journal;
        this.api = api;
        this.simulator = simulator;
        this.refusal = refusal;
    }

    @Override
    public Reply answer(Call sent) {
        // A client that cannot send PATCH sends POST and says so in a header.
        String http =
                sent.header("x-http-method-override").orElse(sent.method()).toUpperCase(Locale.ROOT);
        Optional<ApiStructure.Method> method = structure.method(http, sent.path());
        if (method.isEmpty()) {
            return refused(sent, noSuchPage(sent), "the API has no such method");
        }
        Call call;
        try {
            call = read(method.get(), http, sent);
        } catch (GoogleFailure e) {
            return refused(sent, e.reply(), String.valueOf(e.getMessage()));
        }
        Reply reply = simulator.answer(call);
        hold(method.get(), call, reply);
        return reply;
    }

    private Reply refused(Call call, Reply reply, String why) {
        Departures.note(structure.name() + ": " + call.method() + " " + call.path() + " " + call.query() + ": " + why);
        journal.add(new Journal.Entry(
                api, call.method() + " " + call.path(), !call.method().equals("GET"), reply.status()));
        return reply;
    }

    // --- requests ------------------------------------------------------------------------------------------------

    private Call read(ApiStructure.Method method, String http, Call sent) {
        ApiMessage message = ApiMessage.request(structure);
        List<ApiMessage.Violation> violations = new ArrayList<>();
        Map<String, List<String>> query = query(method, sent, message, violations);
        byte[] body = inflated(sent);
        // An upload carries its content where other calls carry a message.
        if (body.length > 0 && !sent.path().startsWith("/upload/")) {
            if (method.request().isMissingNode() && !http.equals("POST")) {
                throw GoogleFailure.invalidArgument("A " + http + " of this method takes no body.");
            }
            JsonNode type =
                    method.request().isMissingNode() ? JSON.createObjectNode().put("type", "object") : method.request();
            body = message.read(type, parsed(body)).toString().getBytes(UTF_8);
        }
        violations.addAll(message.violations());
        if (!violations.isEmpty()) {
            throw new GoogleFailure(refusal.apply(violations));
        }
        return new Call(http, sent.path(), query, sent.headers(), body);
    }

    private Map<String, List<String>> query(
            ApiStructure.Method method, Call sent, ApiMessage message, List<ApiMessage.Violation> violations) {
        Map<String, List<String>> query = new TreeMap<>();
        sent.query().forEach((name, values) -> {
            String camel = method.parameters().has(name) ? name : ApiMessage.camel(name);
            JsonNode parameter = method.parameters().path(camel);
            if (parameter.path("location").asText().equals("query")) {
                // gcloud writes True.
                List<String> read = parameter.path("type").asText().equals("boolean")
                        ? values.stream()
                                .map(value -> value.toLowerCase(Locale.ROOT))
                                .toList()
                        : values;
                read.forEach(value -> message.readParameter(parameter, camel, value));
                query.put(camel, read);
            } else if (structure.isSystemParameter(name)) {
                query.put(name, values);
            } else {
                violations.add(new ApiMessage.Violation(
                        "",
                        "Invalid JSON payload received. Unknown name \"" + name + "\": Cannot bind query parameter."
                                + " Field '" + name + "' could not be found in request message."));
            }
        });
        return query;
    }

    private static byte[] inflated(Call sent) {
        if (sent.header("content-encoding").filter("gzip"::equals).isEmpty()) {
            return sent.body();
        }
        try (GZIPInputStream inflating = new GZIPInputStream(new ByteArrayInputStream(sent.body()))) {
            return inflating.readAllBytes();
        } catch (IOException e) {
            throw GoogleFailure.invalidArgument("The body is not compressed as it says.");
        }
    }

    private static JsonNode parsed(byte[] sent) {
        try {
            JsonNode body = JSON.readTree(sent);
            if (body != null && !body.isMissingNode()) {
                return body;
            }
        } catch (JsonProcessingException e) {
            // Said below.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw GoogleFailure.invalidArgument("Invalid JSON payload received. Unexpected token.");
    }

    private static Reply badRequest(List<ApiMessage.Violation> violations) {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        detail.put("@type", "type.googleapis.com/google.rpc.BadRequest");
        ArrayNode fields = detail.putArray("fieldViolations");
        StringBuilder text = new StringBuilder();
        for (ApiMessage.Violation violation : violations) {
            ObjectNode field = fields.addObject();
            if (!violation.field().isEmpty()) {
                field.put("field", violation.field());
            }
            field.put("description", violation.description());
            text.append(text.isEmpty() ? "" : "\n").append(violation.description());
        }
        return GoogleReply.error(400, "INVALID_ARGUMENT", text.toString(), detail);
    }

    /** The page of the front end itself, which is no answer of the API. */
    private static Reply noSuchPage(Call call) {
        return new Reply(
                404,
                Map.of("content-type", "text/html; charset=UTF-8"),
                ("<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title><p>The requested URL <code>"
                                + call.path().replace("<", "&lt;")
                                + "</code> was not found on this server. That's all we know.")
                        .getBytes(UTF_8));
    }

    // --- answers -------------------------------------------------------------------------------------------------

    private void hold(ApiStructure.Method method, Call call, Reply reply) {
        boolean isMessage = reply.headers().getOrDefault("content-type", "").startsWith("application/json");
        if (!isMessage || call.parameter("alt").filter("media"::equals).isPresent()) {
            return;
        }
        JsonNode body;
        try {
            body = JSON.readTree(reply.body());
        } catch (IOException e) {
            throw new IllegalStateException(method.id() + " is answered with what is no JSON: " + reply.text(), e);
        }
        boolean numbers = call.parameter("$alt")
                .filter(alt -> alt.contains("enum-encoding=int"))
                .isPresent();
        ApiMessage message = ApiMessage.answer(structure, numbers);
        if (reply.status() / 100 == 2) {
            message.read(method.response(), body);
        } else if (body.path("error").path("code").asInt() != reply.status()
                || body.path("error").path("message").asText().isEmpty()) {
            throw new IllegalStateException(method.id() + " is refused in no form of Google's: " + reply.text());
        }
        if (!message.violations().isEmpty()) {
            throw new IllegalStateException(
                    method.id() + " is answered with what is not of its type: " + message.violations());
        }
    }
}
