package cmek.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;

/** Tells on standard error what happens, a line a step; where a person looks on, something moves while a step waits. */
final class Narrator implements AutoCloseable {

    private static final String MOVING = "|/-\\";
    private static final long MOVES_EVERY_MILLIS = 200;

    private final PrintStream err;
    private final Timer timer = new Timer("narrator", true);
    private final Set<String> told = new HashSet<>();
    private int moved;
    private boolean moving;

    Narrator(PrintStream err, boolean terminal) {
        this.err = err;
        if (terminal) {
            timer.schedule(
                    new TimerTask() {
                        @Override
                        public void run() {
                            move();
                        }
                    },
                    MOVES_EVERY_MILLIS,
                    MOVES_EVERY_MILLIS);
        }
    }

    synchronized void say(String line) {
        clear();
        err.println(line);
    }

    /** One published result; a redelivered duplicate was told already. */
    void tell(Results.Published published) {
        if (!told.add(published.id())) {
            return;
        }
        JsonNode result = published.json();
        String step = result.path("step").asText();
        String status = result.path("status").asText();
        JsonNode last = result.path("steps").path(result.path("steps").size() - 1);
        boolean done =
                last.path("step").asText().equals(step) && result.path("reason").isNull();
        String outcome = done ? last.path("outcome").asText() : status;
        String time = done ? last.path("millis").asText() + " ms" : "";
        String reason =
                result.path("reason").isNull() ? "" : result.path("reason").asText() + ": ";
        say(String.format(
                "%-19s %-15s %8s  %s%s",
                step, outcome, time, reason, result.path("message").asText()));
        if (!result.path("reason").isNull()) {
            result.path("remedy").forEach(command -> say("    fix: " + command.asText()));
        }
        if (published.isGoodEnd() || published.isBadEnd()) {
            end(result);
        }
    }

    /** Whatever the service publishes. */
    void tellAny(Results.Published published) {
        if (published.json().path("run").path("keys").isArray()) {
            tellScan(published);
        } else {
            tell(published);
        }
    }

    /** The end of a scan: what is not well with a key and with the whole, then the figures. */
    void tellScan(Results.Published published) {
        JsonNode scan = published.json();
        scan.path("run").path("keys").forEach(row -> {
            if (!row.path("status").asText().equals("HEALTHY")) {
                say(String.format(
                        "    %-11s %-29s %s",
                        row.path("status").asText(),
                        row.path("reason").asText(),
                        row.path("key").asText()));
            }
        });
        scan.path("warnings")
                .forEach(warning -> say(String.format(
                        "    %-11s %-29s %s",
                        "coverage",
                        warning.path("reason").asText(),
                        warning.path("message").asText())));
        tell(published);
    }

    private void end(JsonNode result) {
        say(result.path("requestId").asText() + ": " + result.path("status").asText());
        result.path("warnings")
                .forEach(warning -> say("    warning: " + warning.path("reason").asText() + ": "
                        + warning.path("message").asText()));
    }

    @Override
    public void close() {
        timer.cancel();
        clear();
    }

    private synchronized void move() {
        err.print("\r" + MOVING.charAt(moved++ % MOVING.length()));
        err.flush();
        moving = true;
    }

    private synchronized void clear() {
        if (moving) {
            err.print("\r \r");
            moving = false;
        }
    }
}
