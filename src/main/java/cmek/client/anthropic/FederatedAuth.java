package cmek.client.anthropic;

import cmek.client.http.Deadline;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Keyless authentication: a short-lived token, kept until it is due for renewal. When several threads need a new one at
 * the same time, one of them fetches it and all get the same result, a failure included.
 */
final class FederatedAuth implements AnthropicAuth {

    private final TokenExchange exchange;
    /** Both calls of an exchange, and the time until one may be made. */
    private static final Duration WAITED_AT_MOST = Duration.ofSeconds(25);

    private final Clock clock;
    private final Duration patience;
    private @Nullable AnthropicToken kept;
    private @Nullable CompletableFuture<AuthHeaders> inProgress;

    FederatedAuth(TokenExchange exchange, Clock clock) {
        this(exchange, clock, WAITED_AT_MOST);
    }

    /** With another patience, for tests. */
    FederatedAuth(TokenExchange exchange, Clock clock, Duration patience) {
        this.exchange = exchange;
        this.clock = clock;
        this.patience = patience;
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
            return result.get(Deadline.atMost(patience).toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw notFetched();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notFetched();
        }
    }

    private static TransientException notFetched() {
        return new TransientException(
                        Reason.ANTHROPIC_UNAVAILABLE,
                        "the token that another call is fetching did not come in time",
                        null)
                .turnedAway();
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
