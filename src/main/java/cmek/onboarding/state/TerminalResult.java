package cmek.onboarding.state;

import cmek.model.Json;
import cmek.result.Result;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How an onboarding ended.
 *
 * @param messageId of the message on the requests topic, which is part of the result's {@code ce-id}
 */
public record TerminalResult(String messageId, Result result) {

    /** The edition of the event or object, for its readers. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public int schemaVersion() {
        return Json.SCHEMA_VERSION;
    }
}
