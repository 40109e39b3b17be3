package cmek.sandbox;

import cmek.onboarding.Step;
import cmek.simulator.Fault;
import cmek.simulator.PubSubRest;
import cmek.simulator.PubSubSimulator;
import cmek.simulator.SimulatedApis;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** The functions under test with a APIs and a Pub/Sub around them, as a sandbox has it. */
public final class Deployment implements QuarkusTestResourceLifecycleManager {

    private static final Duration ENDS_WITHIN = Duration.ofSeconds(60);

    private final InstantSource clock = InstantSource.system();
    private final SimulatedApis apis = SimulatedApis.start(clock).withProject("acme-kms-prod");
    private final PubSubSimulator.Pusher http = PubSubSimulator.Pusher.overHttp();
    private final Messaging messaging =
            new Messaging(clock, (endpoint, json, deadline) -> pushed(endpoint.getPath(), json, deadline));
    private final PubSubRest pubsub = new PubSubRest(messaging.url());
    private final List<Push> pushes = new CopyOnWriteArrayList<>();
    private final Written logged = new Written();
    private final PrintStream console = System.out;
    private final AtomicInteger answered = new AtomicInteger();

    /** What Cloud Run gives an instance at a time: with more, all its threads could wait for what one of them must hear. */
    private final Semaphore atATime = new Semaphore(80);

    private volatile int port;
    private volatile int diesAfterEvery;
    private volatile String start = "";
    private boolean keyless;

    /** What a profile says to have no Admin API key in the APIs's settings. */
    static final String KEYLESS = "keyless";

    /**
     * One push to a function.
     *
     * @param status what it answered, -1 for nothing
     */
    record Push(String function, int status) {

        boolean isTaken() {
            return status / 100 == 2;
        }
    }

    /** What the functions wrote so far; a process of its own is read a little later than it writes. */
    private static final class Written extends ByteArrayOutputStream {

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            super.write(bytes, offset, length);
            notifyAll();
        }

        synchronized boolean comesToContain(String text, Duration within) throws InterruptedException {
            long end = System.nanoTime() + within.toNanos();
            while (!toString(StandardCharsets.UTF_8).contains(text)) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return false;
                }
                wait(left);
            }
            return true;
        }
    }

    @Override
    public void init(Map<String, String> arguments) {
        keyless = arguments.containsKey(KEYLESS);
    }

    @Override
    public Map<String, String> start() {
        // The log of results is what the functions write on standard output.
        System.setOut(new PrintStream(new TeeOutputStream(console, logged), true, StandardCharsets.UTF_8));
        return settings();
    }

    /** Has the topics and their subscriptions made; returns what the functions must be told of the APIs. */
    Map<String, String> settings() {
        new Topology(pubsub, SimulatedApis.PROJECT, Duration.ofMillis(100), Duration.ofMillis(400))
                .create(function -> URI.create("http://functions/" + function));
        Map<String, String> settings = new HashMap<>(keyless ? apis.keylessSettings() : apis.settings());
        settings.put("cmek.google.pubsub-url", messaging.url().toString());
        return settings;
    }

    /** The functions' own port is known only once they listen, and the subscriptions are made before. */
    private URI functionsAt(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private int pushed(String path, String json, Duration deadline) {
        int status = pushedWhenFree(path, json, deadline);
        int every = diesAfterEvery;
        if (every > 0 && answered.incrementAndGet() % every == 0) {
            status = -1;
        }
        if (path.equals("/startScan")) {
            start = json;
        }
        pushes.add(new Push(path.substring(1), status));
        synchronized (pushes) {
            pushes.notifyAll();
        }
        return status;
    }

    private int pushedWhenFree(String path, String json, Duration deadline) {
        atATime.acquireUninterruptibly();
        try {
            return http.push(functionsAt(path), json, deadline);
        } finally {
            atATime.release();
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(Deployment.class));
    }

    @Override
    public void stop() {
        System.setOut(console);
        close();
    }

    /** Ends the APIs; what was published in it is kept. */
    void close() {
        try {
            messaging.writePublished(
                    Path.of("target", "published", ProcessHandle.current().pid() + "-" + System.nanoTime() + ".txt"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        messaging.close();
        apis.close();
    }

    /** A clean page for a test: no faults, no calls noted. What is in the APIs stays, so a test takes a key of its own. */
    public void begin(int functionsPort) {
        port = functionsPort;
        diesAfterEvery = 0;
        apis.begin();
        messaging.gate().open();
        pushes.clear();
        logged.reset();
    }

    /** From now on the function dies after the work of the nth, 2nth, … push, before it can say so. */
    void dieAfterEvery(int nth) {
        answered.set(0);
        diesAfterEvery = nth;
    }

    /** Delivers the message that started the last scan once more. */
    void startScanAgain() {
        int status = pushed("/startScan", start, ENDS_WITHIN);
        if (status / 100 != 2) {
            throw new AssertionError("startScan answered " + status);
        }
    }

    /** A line that the functions wrote in a process of their own. */
    void hear(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        logged.write(bytes, 0, bytes.length);
    }

    /** Every push to a function that was answered since the test began. */
    List<Push> pushes() {
        return List.copyOf(pushes);
    }

    /** Whether a function was pushed to like this since the test began, or soon is. */
    boolean comesTo(Predicate<Push> wanted) throws InterruptedException {
        long end = System.nanoTime() + ENDS_WITHIN.toNanos();
        synchronized (pushes) {
            while (pushes.stream().noneMatch(wanted)) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return false;
                }
                pushes.wait(left);
            }
            return true;
        }
    }

    /** Whether the functions have written this on standard output since the test began, or soon do. */
    boolean logs(String text) {
        return logs(text, Duration.ofSeconds(5));
    }

    /** The same for what takes its time. */
    boolean logs(String text, Duration within) {
        try {
            return logged.comesToContain(text, within);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether the functions have written the line of this result since the test began, or soon do. */
    boolean logs(Results.Published result) {
        return logs(result.status() + " " + result.json().path("step").asText() + ": ");
    }

    /** What the functions wrote on standard output since the test began; all of it, once {@link #logs} has found its end. */
    String log() {
        return logged.toString(StandardCharsets.UTF_8);
    }

    /** The data of every result, ever. */
    List<String> results() {
        return messaging.published("cmek-results");
    }

    /** The data of everything that was published for a step, ever. */
    List<String> published(Step step) {
        return messaging.published(Topology.topicOf(step));
    }

    public SimulatedApis apis() {
        return apis;
    }

    /** Publishes a request and returns everything that was published about it until its end. */
    public List<Results.Published> onboard(String request) {
        return follow(publish(Step.ONBOARD, request));
    }

    /** Publishes a message for a step; returns its id. */
    String publish(Step step, String data) {
        return pubsub.publish(
                SimulatedApis.PROJECT, Topology.topicOf(step), data.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** The same with attributes, as the step before and a replay write them. */
    String publish(Step step, String data, Map<String, String> attributes) {
        return pubsub.publish(
                SimulatedApis.PROJECT, Topology.topicOf(step), data.getBytes(StandardCharsets.UTF_8), attributes);
    }

    /** Puts a fault before everything outside of the functions, Pub/Sub included. */
    void put(Fault fault) {
        apis.gates().forEach(gate -> gate.put(fault));
        messaging.gate().put(fault);
    }

    /** Where Pub/Sub is. */
    URI pubsub() {
        return messaging.url();
    }

    /** Publishes a message on a topic of the scan. */
    void publish(String topic, String data) {
        pubsub.publish(SimulatedApis.PROJECT, topic, data.getBytes(StandardCharsets.UTF_8), Map.of("trigger", "test"));
    }

    /** Returns everything that is published up to the first result that is looked for. */
    List<Results.Published> follow(Predicate<Results.Published> last) {
        return follow(ENDS_WITHIN, last);
    }

    /** The same of what may take longer. Each result is checked once. */
    List<Results.Published> follow(Duration within, Predicate<Results.Published> last) {
        List<Results.Published> published = new ArrayList<>();
        AtomicBoolean found = new AtomicBoolean();
        boolean ended = new Results(pubsub, SimulatedApis.PROJECT, clock)
                .follow(
                        within,
                        result -> {
                            published.add(result);
                            found.compareAndSet(false, last.test(result));
                        },
                        found::get);
        if (!ended) {
            throw new AssertionError("what was looked for was not published, only " + published);
        }
        return published;
    }

    /** Publishes what somebody approves and returns everything that was published about it until its end. */
    List<Results.Published> approve(String data) {
        return follow(publishApproval(data));
    }

    /** Publishes what somebody approves; returns the message's id. */
    String publishApproval(String data) {
        return pubsub.publish(
                SimulatedApis.PROJECT, Topology.APPROVALS, data.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    List<Results.Published> follow(String messageId) {
        List<Results.Published> published = new ArrayList<>();
        boolean ended = new Results(pubsub, SimulatedApis.PROJECT, clock)
                .follow(Set.of(messageId), ENDS_WITHIN, published::add);
        if (!ended) {
            throw new AssertionError("no terminal status for " + messageId + ", only " + published);
        }
        return published;
    }
}
