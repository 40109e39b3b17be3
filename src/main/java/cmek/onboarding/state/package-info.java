/**
 * What is remembered of onboardings, in the evidence bucket: how each ended, why it was last retried, and what is
 * being written at Anthropic, where nothing else keeps two writes apart.
 *
 * <p>In: names and words to keep. Out: what holds. Nothing here is needed to go on: the truth about keys and workspaces
 * lies in Cloud KMS and the Admin API. Without a bucket nothing is remembered, and what only a memory can promise is not
 * promised: one end where a message was delivered twice, no second registration where Anthropic's lists lag.
 */
@NullMarked
package cmek.onboarding.state;

import org.jspecify.annotations.NullMarked;
