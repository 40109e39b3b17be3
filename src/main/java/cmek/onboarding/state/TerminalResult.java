package cmek.onboarding.state;

import cmek.model.Json;
import cmek.model.Versioned;
import cmek.onboarding.OnboardingResults;
import cmek.result.Result;
import cmek.result.Status;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.regex.Pattern;

/**
 * How an onboarding ended, word for word: another release may have said it, with reasons and fields that this one does not
 * know, and a repetition says the same.
 *
 * @param messageId of the message on the requests topic, which is part of the result's {@code ce-id}
 * @param replay of the onboarding, which is too
 * @param result as it is published
 */
@RegisterForReflection
public record TerminalResult(String messageId, int replay, JsonNode result) implements Versioned {

    private static final Pattern REQUEST = Pattern.compile("[!-~]{1,128}");
    private static final Pattern WORD = Pattern.compile("[A-Za-z_]{1,64}");

    public TerminalResult {
        if (!REQUEST.matcher(result.path("requestId").asText()).matches()
                || !WORD.matcher(result.path("step").asText()).matches()
                || !WORD.matcher(result.path("status").asText()).matches()) {
            throw new IllegalArgumentException("no result: it does not name its request, its step and its status");
        }
        result = result.deepCopy();
    }

    static TerminalResult of(String messageId, int replay, Result result) {
        return new TerminalResult(messageId, replay, Json.MAPPER.valueToTree(result));
    }

    @Override
    public JsonNode result() {
        return result.deepCopy();
    }

    /** A field of the result that is a text; empty where there is none. */
    public String text(String field) {
        return result.path(field).asText("");
    }

    /** The result's {@code ce-id}. */
    public String id() {
        return OnboardingResults.id(text("requestId"), messageId, text("step"), text("status"), replay);
    }

    /** Whether it gave up, which alone is not the last word. */
    boolean hasFailed() {
        return text("status").equals(Status.FAILED.name());
    }

    /** Whether this is the end of a replay of the onboarding: what failed may go on, if it is replayed after that. */
    boolean ends(int anyReplay) {
        return !hasFailed() || replay >= anyReplay;
    }
}
