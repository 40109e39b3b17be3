package cmek.client.anthropic;

import jakarta.ws.rs.HeaderParam;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What identifies us in one call: an Admin API key or a short-lived token, never both. Created for the call and dropped
 * after it, because a header must be a {@code String}, which cannot be wiped.
 */
final class AnthropicCredential {

    @HeaderParam("x-api-key")
    final @Nullable String apiKey;

    @HeaderParam("authorization")
    final @Nullable String authorization;

    /** Required with a token, according to Anthropic's own clients. */
    @HeaderParam("anthropic-beta")
    final @Nullable String beta;

    private AnthropicCredential(@Nullable String apiKey, @Nullable String authorization, @Nullable String beta) {
        this.apiKey = apiKey;
        this.authorization = authorization;
        this.beta = beta;
    }

    static AnthropicCredential ofKey(String key) {
        return new AnthropicCredential(key, null, null);
    }

    static AnthropicCredential ofToken(String token) {
        return new AnthropicCredential(null, "Bearer " + token, "oauth-2025-04-20");
    }

    boolean isSame(AnthropicCredential other) {
        return Objects.equals(apiKey, other.apiKey) && Objects.equals(authorization, other.authorization);
    }

    @Override
    public String toString() {
        return "Credential[…]";
    }
}
