package cmek.client.transport;

import com.google.api.gax.httpjson.InstantiatingHttpJsonChannelProvider;
import com.google.api.gax.rpc.UnaryCallSettings;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What Google's own clients share: where they go and how long they wait. */
public final class GoogleHttp {

    /** From the first byte of a request to the last of its answer. */
    private static final Duration REQUEST_AT_MOST = Duration.ofSeconds(10);

    private GoogleHttp() {}

    /** A channel to a base URL, {@code http://} included. */
    public static InstantiatingHttpJsonChannelProvider channel(
            InstantiatingHttpJsonChannelProvider.Builder builder, URI url) {
        String text = url.toString();
        return builder.setEndpoint(text.endsWith("/") ? text.substring(0, text.length() - 1) : text)
                .build();
    }

    /** The clients' own retries are switched off: {@link Retry} is the one place for that. */
    public static @Nullable Void timeOut(UnaryCallSettings.Builder<?, ?> call) {
        call.setSimpleTimeoutNoRetriesDuration(REQUEST_AT_MOST);
        return null;
    }
}
