package cmek.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The functions in a process, begun at a known moment.
 *
 * @param begun by {@link System#nanoTime()}, just before the process was
 */
record Running(Process process, int port, long begun) implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;
    private static final long BETWEEN_KNOCKS_NANOS = 500_000;

    static Running start(List<String> command, Map<String, String> environment, Path log) {
        int port = freePort();
        List<String> actual = command.stream()
                .map(word -> word.replace("PORT", Integer.toString(port)))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(actual)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        long begun = System.nanoTime();
        try {
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new Running(process, port, begun);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Posts an event as soon as somebody listens.
     *
     * @return the seconds from the process's beginning to the answer
     */
    double firstAnswer(String path, Map<String, String> headers, String body) {
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                post(socket, path, headers, body);
                return (System.nanoTime() - begun) / 1e9;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                    throw new IllegalStateException(
                            "no answer from " + process.info().commandLine(), e);
                }
                LockSupport.parkNanos(BETWEEN_KNOCKS_NANOS);
            }
        }
    }

    private static void post(Socket socket, String path, Map<String, String> headers, String body) throws IOException {
        byte[] content = body.getBytes(UTF_8);
        StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
                + "content-type: application/json\r\ncontent-length: " + content.length + "\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        OutputStream out = socket.getOutputStream();
        out.write((head + "\r\n").getBytes(UTF_8));
        out.write(content);
        out.flush();
        String status = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
        if (status == null) {
            throw new IOException("closed");
        }
        if (!status.matches("HTTP/1.1 2.*")) {
            throw new IllegalStateException("not taken: " + status);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Ends the process as the platform does, and waits for what it does at its end. */
    void end() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the process does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
