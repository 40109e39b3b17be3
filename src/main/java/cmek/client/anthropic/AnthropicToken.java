package cmek.client.anthropic;

import cmek.client.http.Secret;
import java.time.Duration;
import java.time.Instant;

/**
 * A short-lived token.
 *
 * @param expiresAt by our clock, and not later than by Anthropic's
 * @param renewAt from when on another one is fetched
 */
record AnthropicToken(Secret value, Instant expiresAt, Instant renewAt) {

    /** A call may take a minute, and a token must outlive the call that carries it. */
    static final Duration RENEWED_BEFORE = Duration.ofMinutes(2);

    /** For a shorter-lived token, the margin is half its lifetime. */
    static AnthropicToken of(Secret value, Instant asked, Duration lifetime) {
        Duration margin = RENEWED_BEFORE.compareTo(lifetime.dividedBy(2)) < 0 ? RENEWED_BEFORE : lifetime.dividedBy(2);
        Instant expiresAt = asked.plus(lifetime);
        return new AnthropicToken(value, expiresAt, expiresAt.minus(margin));
    }
}
