package cmek.function;

import cmek.onboarding.Result;

/**
 * How an onboarding ended.
 *
 * @param messageId of the message on the requests topic, which is part of the result's {@code ce-id}
 */
record Ending(String messageId, Result result) {}
