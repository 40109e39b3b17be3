package cmek.client.transport;

import com.google.api.gax.httpjson.InstantiatingHttpJsonChannelProvider;
import com.google.api.gax.rpc.UnaryCallSettings;
import io.quarkus.arc.DefaultBean;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What Google's own clients share: where they go and how long they wait. */
@Singleton
@DefaultBean
public final class GoogleHttp {

    /** From the first byte of a request to the last of its answer, connecting included. */
    public static final Duration REQUEST_AT_MOST = Duration.ofSeconds(10);

    private final Duration atMost;

    @Inject
    GoogleHttp() {
        this(REQUEST_AT_MOST);
    }

    /** With another patience, for tests. */
    public GoogleHttp(Duration atMost) {
        this.atMost = atMost;
    }

    /** A channel to a base URL, {@code http://} included. */
    public static InstantiatingHttpJsonChannelProvider channel(
            InstantiatingHttpJsonChannelProvider.Builder builder, URI url) {
        String text = url.toString();
        return builder.setEndpoint(text.endsWith("/") ? text.substring(0, text.length() - 1) : text)
                .build();
    }

    /** The clients' own retries are switched off: {@link Retry} is the one place for that. */
    public @Nullable Void timeOut(UnaryCallSettings.Builder<?, ?> call) {
        call.setSimpleTimeoutNoRetriesDuration(atMost);
        return null;
    }

    /** How long a call may take, all in all. */
    public Duration atMost() {
        return atMost;
    }
}
