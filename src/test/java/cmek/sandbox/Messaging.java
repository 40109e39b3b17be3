package cmek.sandbox;

import cmek.simulator.Journal;
import cmek.simulator.PubSubSimulator;
import cmek.simulator.SimulatorServer;
import java.net.URI;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A Pub/Sub on this machine: the simulator on a loopback socket, with a real timer. */
final class Messaging implements AutoCloseable {

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(Messaging::thread);
    private final ExecutorService pushes = Executors.newCachedThreadPool(Messaging::thread);
    private final PubSubSimulator simulator;
    private final SimulatorServer server;

    Messaging(InstantSource clock, PubSubSimulator.Pusher pusher) {
        simulator = new PubSubSimulator(new Journal(), clock, PubSubSimulator.Later.on(timer, pushes), pusher);
        server = SimulatorServer.start(simulator);
    }

    URI url() {
        return server.url();
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
