package cmek.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.simulator.Gcloud;
import cmek.simulator.SimulatedApis;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code deployment/replay-dead-letters.sh} against a Pub/Sub on this machine; of gcloud it only wants a token. */
public final class ReplayScript {

    private final Path gcloud;
    private final URI pubsub;

    /**
     * A way to run it.
     *
     * @param folder where a gcloud is put that knows a token and nothing else
     */
    public ReplayScript(Path folder, URI pubsub) throws IOException {
        this.pubsub = pubsub;
        gcloud = Files.writeString(folder.resolve("gcloud"), "#!/bin/sh\necho a-token\n");
        if (!gcloud.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + gcloud + " executable");
        }
    }

    /** How it ended. */
    public record Ended(int status, String output) {}

    /** Whether this machine has what it needs. */
    public static boolean canRun() {
        return Gcloud.isOnPath("jq") && Gcloud.isOnPath("curl");
    }

    /** Runs it for the simulated project. */
    public Ended replay(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("--project", SimulatedApis.PROJECT));
        all.addAll(List.of(arguments));
        return run(all);
    }

    /** Runs it with these arguments and no others. */
    public Ended run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("deployment/replay-dead-letters.sh"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().merge("PATH", gcloud.resolveSibling("").toString(), (path, first) -> first + ":" + path);
        builder.environment().put("CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB", pubsub + "/");
        builder.environment().put("no_proxy", "*");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IOException("the script does not end: " + output);
        }
        return new Ended(process.exitValue(), output);
    }
}
