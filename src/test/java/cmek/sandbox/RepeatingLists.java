package cmek.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.simulator.Call;
import cmek.simulator.Fault;
import cmek.simulator.Reply;
import cmek.simulator.Simulator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Pages of registrations that begin with the last item of the page before, as where others register while a list is read.
 */
final class RepeatingLists implements Fault {

    private static final String REGISTRATIONS = "/v1/organizations/external_keys";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The last item of a page, by the cursor of the page after it. */
    private final Map<String, JsonNode> last = new ConcurrentHashMap<>();

    @Override
    public Reply answer(Call call, Simulator apis) {
        Reply reply = apis.answer(call);
        if (!call.method().equals("GET") || !call.path().equals(REGISTRATIONS) || reply.status() != 200) {
            return reply;
        }
        try {
            JsonNode page = JSON.readTree(reply.text());
            ArrayNode items = (ArrayNode) page.path("data");
            String next = page.path("next_page").asText("");
            if (!next.isEmpty() && !items.isEmpty()) {
                last.put(next, items.get(items.size() - 1));
            }
            call.parameter("page").map(last::get).ifPresent(item -> items.insert(0, item));
            return new Reply(200, reply.headers(), page.toString().getBytes(UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
