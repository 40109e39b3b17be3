package cmek.onboarding.state;

import cmek.result.Result;

/**
 * How an onboarding ended.
 *
 * @param messageId of the message on the requests topic, which is part of the result's {@code ce-id}
 */
public record TerminalResult(String messageId, Result result) {}
