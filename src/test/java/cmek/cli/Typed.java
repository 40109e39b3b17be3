package cmek.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.client.http.Sleeper;
import cmek.model.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The command as somebody typed it, in this process. Its time passes only while it waits: one that waits for nothing polls
 * as fast as it can.
 */
public final class Typed {

    private final Map<String, String> environment = new HashMap<>();
    private final Path folder;
    private String input = "";
    private boolean terminal;

    public Typed(Path folder) {
        this.folder = folder;
    }

    /** How it ended. */
    public record Ended(int status, String out, String err) {

        /** What it printed for a program. */
        public List<JsonNode> json() {
            return out.lines().map(Ended::read).toList();
        }

        private static JsonNode read(String line) {
            try {
                return Json.MAPPER.readTree(line);
            } catch (JsonProcessingException e) {
                throw new AssertionError(line, e);
            }
        }
    }

    /** With a service whose APIs are simulated. */
    public Typed at(String project, URI pubsub, URI storage, String bucket) {
        environment.put("CMEK_GOOGLE_PROJECT", project);
        environment.put("CMEK_GOOGLE_PUBSUB_URL", pubsub.toString());
        environment.put("CMEK_GOOGLE_STORAGE_URL", storage.toString());
        environment.put("CMEK_EVIDENCE_BUCKET", bucket);
        return this;
    }

    /** With a person who answers. */
    public Typed answering(String answer) {
        terminal = true;
        input = answer + "\n";
        return this;
    }

    /** With this on standard input. */
    public Typed reading(String text) {
        input = text;
        return this;
    }

    /** What the command finds in its environment. */
    Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    public Ended run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        WaitedTime time = new WaitedTime();
        int status = Cmek.run(
                new Surroundings(
                        environment,
                        new ByteArrayInputStream(input.getBytes(UTF_8)),
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8),
                        folder,
                        terminal,
                        time.withZone(ZoneOffset.UTC),
                        time),
                arguments);
        return new Ended(status, out.toString(UTF_8), err.toString(UTF_8));
    }

    /** A second passes for a thousand of its waits: what is waited for happens in real threads. */
    private static final class WaitedTime implements InstantSource, Sleeper {

        private Instant now = Instant.parse("2026-11-24T10:00:00Z");

        @Override
        public void pause(Duration duration) {
            now = now.plus(duration.dividedBy(1000));
            Thread.onSpinWait();
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
