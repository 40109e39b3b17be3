package cmek.client.anthropic;

import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Keyless authentication: a short-lived token, kept until it is due for renewal. When several threads need a new one at
 * the same time, one of them fetches it and all get the same result, a failure included.
 */
final class FederatedAuth implements AnthropicAuth {

    private final TokenExchange exchange;
    private final Clock clock;
    private @Nullable AnthropicToken kept;
    private @Nullable CompletableFuture<AuthHeaders> inProgress;

    FederatedAuth(TokenExchange exchange, Clock clock) {
        this.exchange = exchange;
        this.clock = clock;
    }

    @Override
    public AuthHeaders current() {
        CompletableFuture<AuthHeaders> result;
        boolean ours = false;
        synchronized (this) {
            AnthropicToken token = kept;
            if (token != null && clock.instant().isBefore(token.renewAt())) {
                return headers(token);
            }
            if (inProgress == null) {
                inProgress = new CompletableFuture<>();
                ours = true;
            }
            result = inProgress;
        }
        if (ours) {
            fetch(result);
        }
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    @Override
    public boolean renew(AuthHeaders refused) {
        synchronized (this) {
            AnthropicToken token = kept;
            if (token != null && headers(token).isSame(refused)) {
                forget();
            }
        }
        return !current().isSame(refused);
    }

    @Override
    public String toString() {
        return "FederatedAuth[…]";
    }

    /** Completes the result in any case, because other threads may wait for it. */
    private void fetch(CompletableFuture<AuthHeaders> result) {
        try {
            AnthropicToken token = exchange.exchange();
            AuthHeaders headers = headers(token);
            synchronized (this) {
                forget();
                kept = token;
                inProgress = null;
            }
            // From the headers made above and not from the token: it may have been replaced and wiped by now.
            result.complete(headers);
        } catch (RuntimeException | Error e) {
            synchronized (this) {
                inProgress = null;
            }
            result.completeExceptionally(e);
        }
    }

    private synchronized void forget() {
        if (kept != null) {
            kept.value().wipe();
            kept = null;
        }
    }

    private static AuthHeaders headers(AnthropicToken token) {
        return AuthHeaders.ofToken(token.value().text());
    }
}
