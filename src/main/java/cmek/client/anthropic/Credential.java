package cmek.client.anthropic;

import jakarta.ws.rs.HeaderParam;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one call shows of who we are: an Admin API key or a short-lived token, never both. Made for the call and dropped
 * after it, for a header can only be a {@code String}, which nobody can wipe.
 */
final class Credential {

    @HeaderParam("x-api-key")
    final @Nullable String apiKey;

    @HeaderParam("authorization")
    final @Nullable String authorization;

    /** Sent with a token by the vendor's own clients, who say that it is required. */
    @HeaderParam("anthropic-beta")
    final @Nullable String beta;

    private Credential(@Nullable String apiKey, @Nullable String authorization, @Nullable String beta) {
        this.apiKey = apiKey;
        this.authorization = authorization;
        this.beta = beta;
    }

    static Credential ofKey(String key) {
        return new Credential(key, null, null);
    }

    static Credential ofToken(String token) {
        return new Credential(null, "Bearer " + token, "oauth-2025-04-20");
    }

    boolean isSame(Credential other) {
        return Objects.equals(apiKey, other.apiKey) && Objects.equals(authorization, other.authorization);
    }

    @Override
    public String toString() {
        return "Credential[…]";
    }
}
