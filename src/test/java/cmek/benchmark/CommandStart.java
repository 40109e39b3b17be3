package cmek.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** How long {@code cmek check} takes from its start to its end, beside the start of the service. */
final class CommandStart {

    private static final int MANY = 200;

    private final Built built;
    private final Path folder;

    CommandStart(Built built, Path folder) {
        this.built = built;
        this.folder = folder;
    }

    /**
     * Measures in rounds.
     *
     * @param ownStart starts the service once and returns the seconds
     */
    Table measure(DoubleSupplier ownStart, int times) throws IOException {
        String one = built.root().resolve("deployment/examples/provision.json").toString();
        String many = requests().toString();
        Map<String, DoubleSupplier> all = new LinkedHashMap<>();
        all.put("service, JDK " + Runtime.version().feature() + ", to its first answered event", ownStart);
        Map<String, Path> commands = new LinkedHashMap<>();
        commands.put("JDK", built.root().resolve("deployment/cmek"));
        built.nativeCommand().ifPresent(command -> commands.put("native", command));
        commands.forEach((how, command) -> {
            all.put("cmek check, " + how + ", 1 request", () -> run(command, one));
            all.put("cmek check, " + how + ", " + MANY + " requests", () -> run(command, many));
        });
        // The first builds the command, if it is missing.
        all.forEach((what, timed) -> System.err.println("first: " + what + ": " + timed.getAsDouble()));
        Map<String, Timings> timings = new LinkedHashMap<>();
        for (int time = 0; time < times; time++) {
            all.forEach((what, timed) ->
                    timings.computeIfAbsent(what, any -> new Timings()).add(timed.getAsDouble()));
        }
        Table table = new Table(
                "The command for people (" + Timings.FORM + " of " + times + ")", List.of("", "start to end, s"));
        timings.forEach((what, timing) -> table.row(List.of(what, timing.toString())));
        return table;
    }

    private double run(Path command, String requests) {
        try {
            long begun = System.nanoTime();
            int status = new ProcessBuilder(command.toString(), "check", requests)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("command.log").toFile())
                    .start()
                    .waitFor();
            double seconds = (System.nanoTime() - begun) / 1e9;
            if (status != 0) {
                throw new IllegalStateException(
                        command + " ended with " + status + ": " + Files.readString(folder.resolve("command.log")));
            }
            return seconds;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Path requests() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            lines.add("{\"requestId\":\"many-" + i
                    + "\",\"key\":\"projects/acme-kms-prod/locations/us-east5/keyRings/anthropic" + "/cryptoKeys/many-"
                    + i + "\"}");
        }
        return Files.write(folder.resolve("many.jsonl"), lines);
    }
}
