package cmek.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Answers as no honest server does, and knows when the other side has closed the connection. */
public final class RawServer implements AutoCloseable {

    /** Much shorter than anybody's patience. */
    private static final long BETWEEN_TWO_BYTES = TimeUnit.MILLISECONDS.toNanos(10);

    private final ServerSocket socket;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /** Writes an answer, and goes on until the connection is closed. */
    @FunctionalInterface
    public interface Answer {
        void to(OutputStream out) throws IOException;
    }

    public RawServer(Answer answer) {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(() -> serve(answer), "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** A status line and headers of which each byte comes by itself, for as long as anybody listens. */
    public static Answer slowHeaders() {
        return out -> {
            bytes(out, "HTTP/1.1 200 OK\r\n");
            for (int i = 0; ; i++) {
                slowly(out, "x-" + i + ": y\r\n");
            }
        };
    }

    /** A body of which each byte comes by itself, for as long as anybody listens. */
    public static Answer slowBody() {
        return out -> {
            bytes(out, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n{");
            while (true) {
                slowly(out, " ");
            }
        };
    }

    /** As many bytes as anybody takes, as fast as they are taken. */
    public static Answer endlessBody() {
        return out -> {
            bytes(out, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n");
            String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
            while (true) {
                bytes(out, chunk);
            }
        };
    }

    /** Headers and a part of a body. */
    public static Answer of(String answer, byte[] body) {
        return out -> {
            bytes(out, answer);
            out.write(body);
            out.flush();
            while (true) {
                slowly(out, " ");
            }
        };
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    /** Waits until the other side has closed the connection that was answered. */
    public void awaitClosed() throws Exception {
        closed.get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void serve(Answer answer) {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept()) {
                readHeaders(connection.getInputStream());
                try {
                    answer.to(connection.getOutputStream());
                } catch (IOException e) {
                    closed.complete(null);
                }
            } catch (IOException e) {
                // The next connection, if the server is not closed.
            }
        }
    }

    private static void readHeaders(InputStream in) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return;
            }
            read.append((char) next);
        }
    }

    private static void slowly(OutputStream out, String text) throws IOException {
        for (byte single : text.getBytes(ISO_8859_1)) {
            out.write(single);
            out.flush();
            LockSupport.parkNanos(BETWEEN_TWO_BYTES);
        }
    }

    private static void bytes(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
    }
}
