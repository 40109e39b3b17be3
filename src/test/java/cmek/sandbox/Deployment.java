package cmek.sandbox;

import cmek.simulator.PubSubRest;
import cmek.simulator.PubSubSimulator;
import cmek.simulator.World;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The functions under test with a world and a Pub/Sub around them, as a sandbox has it, for container tests. */
public final class Deployment implements QuarkusTestResourceLifecycleManager {

    private static final Duration ENDS_WITHIN = Duration.ofSeconds(60);

    private final InstantSource clock = InstantSource.system();
    private final World world = World.start(clock).withProject("acme-kms-prod");
    private final PubSubSimulator.Pusher http = PubSubSimulator.Pusher.overHttp();
    private final Messaging messaging = new Messaging(
            clock, (endpoint, json, deadline) -> http.push(functionsAt(endpoint.getPath()), json, deadline));
    private final PubSubRest pubsub = new PubSubRest(messaging.url());
    private volatile int port;

    @Override
    public Map<String, String> start() {
        new Topology(pubsub, World.PROJECT).create(function -> URI.create("http://functions/" + function));
        Map<String, String> settings = new HashMap<>(world.settings());
        settings.put("cmek.google.pubsub-url", messaging.url().toString());
        return settings;
    }

    /** The functions' own port is known only once they listen, and the subscriptions are made before. */
    private URI functionsAt(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(Deployment.class));
    }

    @Override
    public void stop() {
        messaging.close();
        world.close();
    }

    /** A clean page for a test: no faults, no calls noted. What is in the world stays, so a test takes a key of its own. */
    public void begin(int functionsPort) {
        port = functionsPort;
        world.kmsGate().open();
        world.adminGate().open();
        world.journal().clear();
    }

    public World world() {
        return world;
    }

    /** Publishes a request and returns everything that was published about it until its end. */
    public List<Results.Published> onboard(String request) {
        String messageId =
                pubsub.publish(World.PROJECT, Topology.requests(), request.getBytes(StandardCharsets.UTF_8), Map.of());
        return follow(messageId);
    }

    List<Results.Published> follow(String messageId) {
        List<Results.Published> published = new ArrayList<>();
        boolean ended =
                new Results(pubsub, World.PROJECT, clock).follow(Set.of(messageId), ENDS_WITHIN, published::add);
        if (!ended) {
            throw new AssertionError("no terminal status for " + messageId + ", only " + published);
        }
        return published;
    }
}
