package cmek.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.SplittableRandom;

/** Events and objects as the release before or after this one writes them: with a field more, or one less. */
final class Releases {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Those that have a default. */
    private static final List<String> DISPENSABLE = List.of("steps", "warnings", "changedAt");

    private final SplittableRandom dice;

    Releases(SplittableRandom dice) {
        this.dice = dice;
    }

    String event(String json) {
        ObjectNode event = parsed(json);
        if (dice.nextBoolean()) {
            event.remove(DISPENSABLE.get(dice.nextInt(DISPENSABLE.size())));
            return event.toString();
        }
        return more(event);
    }

    /** What is kept has to last: an older release may have known less, a newer one writes more. */
    String object(String json) {
        return more(parsed(json));
    }

    private static String more(ObjectNode json) {
        json.putObject("newerField").putArray("with").add(1);
        json.properties().forEach(field -> {
            if (field.getValue() instanceof ObjectNode inner) {
                inner.put("newerDetail", "x");
            }
        });
        return json.toString();
    }

    private static ObjectNode parsed(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
