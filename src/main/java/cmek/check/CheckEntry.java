package cmek.check;

import cmek.model.SafeText;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Optional;

/**
 * One check of a key and what it saw, also where nothing is wrong: the proof that the key was checked.
 *
 * @param what a stable word for the check
 * @param value what was seen, in one line; empty where there is nothing to say beside the result
 */
@RegisterForReflection
public record CheckEntry(String what, Result result, String value) {

    /** What only a scan asks: whether Anthropic can use the key. */
    public static final String ROUND_TRIP = "roundTrip";

    private static final int SHOWN = 400;

    /** What the check came to. */
    @RegisterForReflection
    public enum Result {
        PASSED,
        FAILED,
        /** It was not made, or not all of what it needs could be read. */
        UNKNOWN
    }

    @JsonCreator
    static CheckEntry read(
            @JsonProperty("what") String what,
            @JsonProperty("result") Result result,
            @JsonProperty("value") Optional<String> value) {
        return new CheckEntry(what, result, value.orElse(""));
    }

    public CheckEntry {
        // A scan of ten thousand keys has a dozen of these for each, and most are the same for all keys.
        what = what.intern();
        String shown = SafeText.sanitize(value, SHOWN);
        value = what.equals(ROUND_TRIP) ? shown : shown.intern();
    }
}
