package cmek.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Where Pub/Sub pushes to: passes each push on to the functions wherever they run now. A function that shall crash is let
 * do all its work, and then its process ends before anything is acknowledged.
 */
final class Gateway implements AutoCloseable {

    private static final int GONE = 503;
    private static final Duration PUSH_AT_MOST = Duration.ofSeconds(90);

    private final Host host;
    private final HttpServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Set<String> crashing = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "gateway");
        thread.setDaemon(true);
        return thread;
    });

    Gateway(Host host) {
        this.host = host;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::pass);
        server.setExecutor(threads);
        server.start();
    }

    /** Where a function's subscription pushes to. */
    URI urlOf(String function) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + function);
    }

    /** The process dies once, after this function has done its work and before its message is acknowledged. */
    void crashAfter(String function) {
        crashing.add(function);
    }

    /** Whether that has not happened yet. */
    boolean stillCrashesAfter(String function) {
        return crashing.contains(function);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getRawPath();
            int status = pushed(path, body);
            if (status / 100 == 2 && crashing.remove(path.substring(1))) {
                host.crash();
                status = GONE;
            }
            exchange.sendResponseHeaders(status, -1);
        }
    }

    private int pushed(String path, byte[] body) {
        HttpRequest request = HttpRequest.newBuilder(host.url().resolve(path))
                .timeout(PUSH_AT_MOST)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return GONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return GONE;
        }
    }
}
