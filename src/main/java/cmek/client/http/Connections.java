package cmek.client.http;

import com.google.api.client.http.javanet.ConnectionFactory;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The connections of calls that are being made, so that one thread can close what another one waits for. */
final class Connections implements ConnectionFactory {

    private static final ThreadLocal<@Nullable Held> CURRENT = new ThreadLocal<>();

    /** The connection of one call, as soon as there is one. */
    static final class Held {

        private final AtomicReference<@Nullable HttpURLConnection> connection = new AtomicReference<>();

        /** May have to wait for a read that is in progress. */
        void close() {
            HttpURLConnection opened = connection.get();
            if (opened != null) {
                opened.disconnect();
            }
        }
    }

    @Override
    public HttpURLConnection openConnection(URL url) throws IOException {
        HttpURLConnection opened = (HttpURLConnection) url.openConnection();
        Held held = CURRENT.get();
        if (held != null) {
            held.connection.set(opened);
        }
        return opened;
    }

    /** The same call, which leaves its connection where another thread can close it. */
    static <T> Callable<T> holding(Held held, Callable<T> call) {
        return () -> {
            CURRENT.set(held);
            try {
                return call.call();
            } finally {
                CURRENT.remove();
            }
        };
    }
}
