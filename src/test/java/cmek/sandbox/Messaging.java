package cmek.sandbox;

import cmek.simulator.Gate;
import cmek.simulator.Journal;
import cmek.simulator.PubSubMessage;
import cmek.simulator.PubSubSimulator;
import cmek.simulator.SimulatedApis;
import cmek.simulator.SimulatorServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A Pub/Sub on this machine: the simulator on a loopback socket, with a real timer. */
public final class Messaging implements AutoCloseable {

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(Messaging::thread);
    private final ExecutorService pushes = Executors.newCachedThreadPool(Messaging::thread);
    private final PubSubSimulator simulator;
    private final Gate gate;
    private final SimulatorServer server;

    public Messaging(InstantSource clock, PubSubSimulator.Pusher pusher) {
        simulator = new PubSubSimulator(new Journal(), clock, PubSubSimulator.Later.on(timer, pushes), pusher);
        gate = new Gate(simulator);
        server = SimulatorServer.start(gate);
    }

    /** What stands between Pub/Sub and those who publish. */
    public Gate gate() {
        return gate;
    }

    public URI url() {
        return server.url();
    }

    /** The data of everything that was published to a topic, oldest first. */
    public List<String> published(String topic) {
        return simulator.published("projects/" + SimulatedApis.PROJECT + "/topics/" + topic).stream()
                .map(message -> new String(message.data(), StandardCharsets.UTF_8))
                .toList();
    }

    /** Messages that were not delivered to their functions yet. */
    int outstanding() {
        return simulator.outstanding();
    }

    /** Everything that was published to a topic, oldest first. */
    List<PubSubMessage> messages(String topic) {
        return simulator.published("projects/" + SimulatedApis.PROJECT + "/topics/" + topic);
    }

    /** Leaves everything that was ever published, to whatever topic, in a file. */
    void writePublished(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        simulator
                .published()
                .forEach((topic, messages) -> messages.forEach(
                        message -> lines.add(topic + " " + message.attributes() + " " + message.text())));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, lines);
    }

    @Override
    public void close() {
        server.close();
        simulator.close();
        timer.shutdownNow();
        pushes.shutdownNow();
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "pubsub");
        thread.setDaemon(true);
        return thread;
    }
}
