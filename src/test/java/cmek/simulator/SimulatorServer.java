package cmek.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A the simulated APIs on a loopback socket.
 *
 * <p>Two things no ordinary reply can say: {@link #RESET}, and a {@value #CONTENT_LENGTH} header that is longer than the
 * body, upon which the connection is closed when the body is sent.
 */
public final class SimulatorServer implements AutoCloseable {

    /** No reply at all: the connection is closed. To a caller in the same process it is an answer of status 0. */
    public static final Reply RESET = new Reply(0, Map.of(), new byte[0]);

    static final String CONTENT_LENGTH = "content-length";

    private static final int BACKLOG = 128;

    static {
        // The JDK's server sends an answer's head and body apart; the caller's kernel acknowledges the head 40 ms
        // late, and until then the body would wait. Read once, when the first server is made.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "simulator");
        thread.setDaemon(true);
        return thread;
    });

    private SimulatorServer(HttpServer server) {
        this.server = server;
    }

    /** Starts serving on a free port. */
    public static SimulatorServer start(Simulator apis) {
        return start(apis, 0);
    }

    /** Starts serving on a given port; 0 takes a free one. */
    public static SimulatorServer start(Simulator apis, int port) {
        try {
            return started(apis, HttpServer.create(loopback(port), BACKLOG));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts serving over TLS on a free port. */
    public static SimulatorServer start(Simulator apis, SelfSigned certificate) {
        try {
            HttpsServer https = HttpsServer.create(loopback(0), BACKLOG);
            https.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
            return started(apis, https);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static SimulatorServer started(Simulator apis, HttpServer http) {
        SimulatorServer server = new SimulatorServer(http);
        http.createContext("/", exchange -> serve(apis, exchange));
        http.setExecutor(server.threads);
        http.start();
        return server;
    }

    /** The base URL, without a trailing slash. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** The port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void serve(Simulator apis, HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> headers = new TreeMap<>();
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
            byte[] body = exchange.getRequestBody().readAllBytes();
            Reply reply;
            try {
                reply = Departures.overASocket(
                        apis, Call.of(exchange.getRequestMethod(), exchange.getRequestURI(), headers, body));
            } catch (RuntimeException e) {
                // A simulator that throws is a defect of the simulator: loud, and never a retryable 5xx.
                e.printStackTrace();
                reply = Reply.json(418, "{\"error\":{\"code\":418,\"message\":\"the simulator itself failed\"}}");
            }
            if (reply.status() == RESET.status()) {
                return; // Closing an exchange that was not answered closes its connection.
            }
            Map<String, String> answered = new TreeMap<>(reply.headers());
            String declared = answered.remove(CONTENT_LENGTH);
            long length = declared == null ? reply.body().length : Long.parseLong(declared);
            answered.forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(reply.status(), length == 0 ? -1 : length);
            if (length > 0) {
                exchange.getResponseBody().write(reply.body());
                exchange.getResponseBody().flush();
            }
        }
    }
}
