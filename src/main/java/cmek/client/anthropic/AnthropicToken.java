package cmek.client.anthropic;

import cmek.client.http.Secret;
import java.time.Duration;
import java.time.Instant;

/**
 * A short-lived token of Anthropic's.
 *
 * @param renewAt when a new token is fetched instead, by our clock
 */
record AnthropicToken(Secret value, Instant renewAt) {

    /** A call may take a minute, and its token should not expire meanwhile. */
    static final Duration RENEWED_BEFORE = Duration.ofMinutes(2);

    /** A token with a shorter lifetime than that is renewed after half of it. */
    static AnthropicToken of(Secret value, Instant asked, Duration lifetime) {
        Duration margin = RENEWED_BEFORE.compareTo(lifetime.dividedBy(2)) < 0 ? RENEWED_BEFORE : lifetime.dividedBy(2);
        return new AnthropicToken(value, asked.plus(lifetime).minus(margin));
    }
}
