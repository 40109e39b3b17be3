package cmek.client.anthropic;

import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Keyless: a short-lived token, kept for as long as it is good. However many ask for one at the same time, one of them
 * fetches it, and the others get what that one gets, a failure too.
 */
final class FederatedAuth implements AnthropicAuth {

    private final TokenExchange exchange;
    private final Clock clock;
    private @Nullable AnthropicToken kept;
    private @Nullable CompletableFuture<AnthropicCredential> underWay;

    FederatedAuth(TokenExchange exchange, Clock clock) {
        this.exchange = exchange;
        this.clock = clock;
    }

    @Override
    public AnthropicCredential current() {
        CompletableFuture<AnthropicCredential> flight;
        boolean ours = false;
        synchronized (this) {
            AnthropicToken token = kept;
            if (token != null && clock.instant().isBefore(token.renewAt())) {
                return credential(token);
            }
            if (underWay == null) {
                underWay = new CompletableFuture<>();
                ours = true;
            }
            flight = underWay;
        }
        if (ours) {
            fly(flight);
        }
        try {
            return flight.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    @Override
    public boolean renew(AnthropicCredential refused) {
        synchronized (this) {
            AnthropicToken token = kept;
            if (token != null && credential(token).isSame(refused)) {
                forget();
            }
        }
        return !current().isSame(refused);
    }

    @Override
    public String toString() {
        return "Federation[…]";
    }

    /** Lands in any case: a flight that never did would keep everybody waiting. */
    private void fly(CompletableFuture<AnthropicCredential> flight) {
        try {
            AnthropicToken token = exchange.exchange();
            AnthropicCredential credential = credential(token);
            synchronized (this) {
                forget();
                kept = token;
                underWay = null;
            }
            // Of the token itself none may be read any longer: another may have been fetched by now, and this one
            // wiped.
            flight.complete(credential);
        } catch (RuntimeException | Error e) {
            synchronized (this) {
                underWay = null;
            }
            flight.completeExceptionally(e);
        }
    }

    private synchronized void forget() {
        if (kept != null) {
            kept.value().wipe();
            kept = null;
        }
    }

    private static AnthropicCredential credential(AnthropicToken token) {
        return AnthropicCredential.ofToken(token.value().text());
    }
}
