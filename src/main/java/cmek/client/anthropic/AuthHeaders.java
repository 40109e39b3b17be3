package cmek.client.anthropic;

import jakarta.ws.rs.HeaderParam;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The headers that authenticate one call: an Admin API key or a short-lived token, never both. They are made for the call
 * and dropped after it, because a header can only be a {@code String}, which cannot be wiped.
 */
final class AuthHeaders {

    @HeaderParam("x-api-key")
    final @Nullable String apiKey;

    @HeaderParam("authorization")
    final @Nullable String authorization;

    /** Anthropic's own clients send it with a token, and say that it is required. */
    @HeaderParam("anthropic-beta")
    final @Nullable String beta;

    private AuthHeaders(@Nullable String apiKey, @Nullable String authorization, @Nullable String beta) {
        this.apiKey = apiKey;
        this.authorization = authorization;
        this.beta = beta;
    }

    static AuthHeaders ofKey(String key) {
        return new AuthHeaders(key, null, null);
    }

    static AuthHeaders ofToken(String token) {
        return new AuthHeaders(null, "Bearer " + token, "oauth-2025-04-20");
    }

    boolean isSame(AuthHeaders other) {
        return Objects.equals(apiKey, other.apiKey) && Objects.equals(authorization, other.authorization);
    }

    @Override
    public String toString() {
        return "AuthHeaders[…]";
    }
}
