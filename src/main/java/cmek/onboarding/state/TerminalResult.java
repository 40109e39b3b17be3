package cmek.onboarding.state;

import cmek.model.Versioned;
import cmek.result.Result;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * How an onboarding ended.
 *
 * @param messageId of the message on the requests topic, which is part of the result's {@code ce-id}
 */
@RegisterForReflection
public record TerminalResult(String messageId, Result result) implements Versioned {}
