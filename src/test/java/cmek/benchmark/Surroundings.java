package cmek.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.onboarding.Step;
import cmek.sandbox.Host;
import cmek.sandbox.Messaging;
import cmek.sandbox.Results;
import cmek.sandbox.Topology;
import cmek.simulator.Call;
import cmek.simulator.Fault;
import cmek.simulator.Gate;
import cmek.simulator.PubSubRest;
import cmek.simulator.PubSubSimulator;
import cmek.simulator.SimulatedApis;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** The simulated APIs around the measured functions, with Pub/Sub pushing to them once it is told where they are. */
final class Surroundings implements AutoCloseable {

    private static final String TOKEN = "aaaaaaaa";
    private static final int NOWHERE = 0;
    private static final int TAKEN = 204;
    private static final Duration ENDS_WITHIN = Duration.ofMinutes(2);

    private final InstantSource clock = InstantSource.system();
    private final SimulatedApis apis = SimulatedApis.start(clock).withProject("acme-kms-prod");
    private final PubSubSimulator.Pusher http = PubSubSimulator.Pusher.overHttp();
    private final Messaging messaging;
    private final PubSubRest pubsub;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Set<String> workspaces = ConcurrentHashMap.newKeySet();
    private final Map<String, String> settings;
    private volatile int port = NOWHERE;

    Surroundings() {
        this(Map.of());
    }

    /** With settings of the service that are not the default ones. */
    Surroundings(Map<String, String> settings) {
        this.settings = Map.copyOf(settings);
        messaging = new Messaging(
                clock,
                (endpoint, json, deadline) -> port == NOWHERE
                        ? TAKEN
                        : http.push(URI.create("http://127.0.0.1:" + port + endpoint.getPath()), json, deadline));
        pubsub = new PubSubRest(messaging.url());
        new Topology(pubsub, SimulatedApis.PROJECT).create(function -> URI.create("http://functions/" + function));
    }

    SimulatedApis apis() {
        return apis;
    }

    PubSubRest pubsub() {
        return pubsub;
    }

    /**
     * Starts the service with all its functions, to which messages are pushed from now on; it has answered its first one.
     *
     * @param log the file that what it writes is added to
     */
    Running serve(Variant service, Path log) {
        Running running = service.start(this, "", log);
        port = running.port();
        running.firstAnswer("/" + Step.ONBOARD.function(), Map.of(), pushed(freshName(), event(Step.ONBOARD)));
        return running;
    }

    /** From now on each call to an API, and each publishing, takes so much longer. */
    void slowDown(int millis) {
        slowDown(millis, call -> false);
    }

    /** The same, but not of the requests: one client publishes them all, and would wait for each before the next. */
    void slowDownTheService(int millis) {
        slowDown(millis, call -> call.path().contains("/topics/" + Topology.requests()));
    }

    private void slowDown(int millis, Predicate<Call> spared) {
        List<Gate> gates = new ArrayList<>(apis.gates());
        gates.add(messaging.gate());
        gates.forEach(Gate::open);
        if (millis > 0) {
            Fault late = (call, outside) -> {
                // What the benchmark itself hears of the service is not measured.
                if (!call.path().contains("/subscriptions") && !spared.test(call)) {
                    LockSupport.parkNanos(millis * 1_000_000L);
                }
                return outside.answer(call);
            };
            gates.forEach(gate -> gate.put(late));
        }
    }

    /** From now on messages are taken and go nowhere. */
    void pushNowhere() {
        port = NOWHERE;
    }

    /** The settings of one function, or of all where it is empty. */
    Map<String, String> environment(String function) {
        Map<String, String> all = new HashMap<>(apis.settings());
        all.put("cmek.google.pubsub-url", messaging.url().toString());
        all.putAll(settings);
        Map<String, String> environment = Host.environment(all);
        if (!function.isEmpty()) {
            environment.put("QUARKUS_FUNQY_EXPORT", function);
        }
        return environment;
    }

    /** A name that no key had before, as long as any other. */
    String freshName() {
        return String.format(Locale.ROOT, "k%07d", numbers.incrementAndGet());
    }

    /** A request for a key and a workspace of this name; the workspace is there, and stays attached once it is. */
    String request(String name) {
        if (workspaces.add(name)) {
            apis.admin().withWorkspace("wrkspc_01" + name, name);
        }
        return """
                {"requestId":"%1$s","key":{"project":"acme-kms-prod","location":"us-east5","keyRing":"ring-%1$s",
                 "name":"%1$s"},"workspaceId":"wrkspc_01%1$s","acknowledgePermanent":true}
                """.formatted(name);
    }

    /** Publishes a request; returns its message's id. */
    String publish(String request) {
        return pubsub.publish(SimulatedApis.PROJECT, Topology.requests(), request.getBytes(UTF_8), Map.of());
    }

    /** Sends so many requests all the way, one after the other. */
    void onboard(int times) {
        for (int time = 0; time < times; time++) {
            onboard(freshName());
        }
    }

    /** Sends a request all the way. */
    void onboard(String name) {
        String id = publish(request(name));
        if (!new Results(pubsub, SimulatedApis.PROJECT, clock).follow(Set.of(id), ENDS_WITHIN, result -> {})) {
            throw new IllegalStateException("no end of " + name);
        }
    }

    /**
     * An event of a step as the step before published it when somebody was last onboarded, for a key of a new name whose
     * ring is there.
     */
    String event(Step step) {
        String name = freshName();
        if (step == Step.ONBOARD) {
            return request(name);
        }
        apis.withKeyRing("projects/acme-kms-prod/locations/us-east5/keyRings/ring-" + name);
        return published(step, TOKEN).replace(TOKEN, name);
    }

    /** The event of a step that the one before it published for a key of this name. */
    String published(Step step, String name) {
        return messaging.published("cmek-" + step.topic()).stream()
                .filter(event -> event.contains(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no event of " + step + " for " + name));
    }

    /** Onboards what {@link #event} is made of. */
    void prepareEvents() {
        onboard(TOKEN);
    }

    /** The body of a push, which is Eventarc's too. */
    static String pushed(String id, String data) {
        return "{\"message\":{\"messageId\":\"" + id + "\",\"attributes\":{},\"data\":\""
                + Base64.getEncoder().encodeToString(data.getBytes(UTF_8)) + "\"},\"subscription\":\"s\"}";
    }

    /** What Eventarc adds to it. */
    static Map<String, String> cloudEvent(String id) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ce-specversion", "1.0");
        headers.put("ce-id", id);
        headers.put("ce-type", "google.cloud.pubsub.topic.v1.messagePublished");
        headers.put("ce-source", "//pubsub.googleapis.com/projects/p/topics/t");
        return headers;
    }

    @Override
    public void close() {
        messaging.close();
        apis.close();
    }
}
