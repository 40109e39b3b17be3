package cmek.client.anthropic;

import jakarta.ws.rs.HeaderParam;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one call shows of who we are: an Admin API key or a short-lived token, never both. Made for the call and dropped
 * after it, for a header can only be a {@code String}, which nobody can wipe.
 */
final class AnthropicCredential {

    @HeaderParam("x-api-key")
    final @Nullable String apiKey;

    @HeaderParam("authorization")
    final @Nullable String authorization;

    /** Sent with a token by Anthropic's own clients, who say that it is required. */
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
