package cmek.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.client.pubsub.Topics;
import cmek.config.CmekConfig;
import cmek.fake.FakeStorage;
import cmek.fake.Sample;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.function.Instance;
import cmek.result.Status;
import cmek.simulation.SimulatedTopics.Message;
import cmek.simulator.AdminSimulator;
import cmek.simulator.Call;
import cmek.simulator.Journal;
import cmek.simulator.KmsSimulator;
import cmek.simulator.Reply;
import cmek.simulator.Simulator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/** One schedule: a few requests, from their publication until everything is at rest, and once more. */
final class Simulation {

    private static final String KEY_1 = Sample.KEY.toString();
    private static final String KEY_2 = KEY_1.replace("payments", "store");
    private static final String WORKSPACE_1 = Sample.WORKSPACE.value();
    private static final String WORKSPACE_2 = "wrkspc_01JwQvzr7rXLA5AGx3HKfFUK";
    private static final String DISPLAY_NAME = "Payments production";
    private static final String VENDOR =
            "serviceAccount:anthropic-cmek-client-us@gcp-anthropic-cmek-clients.iam.gserviceaccount.com";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant BEGIN = Instant.parse("2026-11-24T08:00:00Z");
    private static final int INSTANCES = 4;
    private static final int ROUGH_STEPS = 700;
    private static final int STEPS_AT_MOST = 30_000;
    private static final Map<Duration, CmekConfig> CONFIGS = Map.of(
            Duration.ofHours(24), ClientCache.config("PT24H"), Duration.ofMinutes(15), ClientCache.config("PT15M"));

    private final SplittableRandom dice;
    private final Weather weather;
    private final Flaw flaw;
    private final boolean told;
    private final Scheduler scheduler;
    private final SimulatedTopics topics;
    private final Journal journal = new Journal();
    private final KmsSimulator kms;
    private final AdminSimulator admin;
    private final FakeStorage storage = new FakeStorage();
    private final Instance instance;

    private final List<String> history = new ArrayList<>();
    private final List<String> reached = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final Map<String, String> requests = new TreeMap<>();
    private final Map<String, Set<String>> ends = new TreeMap<>();
    private final Set<String> superseded = new HashSet<>();
    private final Map<String, String> requestOfTask = new HashMap<>();
    private final Map<String, Long> endedAt = new HashMap<>();
    private final Set<String> validated = new HashSet<>();
    private final Set<String> attaches = new HashSet<>();
    private final Set<String> othersRegistrations = new TreeSet<>();
    private final Map<String, Set<String>> othersGrants = new TreeMap<>();
    private final Map<String, String> othersLabels = new TreeMap<>();
    private boolean calm;
    private long ticks;
    private int writes;
    private int others;

    private Simulation(long seed, Flaw flaw, ClientCache windows, ExecutorService threads, boolean told) {
        this.dice = new SplittableRandom(seed);
        this.weather = Weather.of(dice);
        this.flaw = flaw;
        this.told = told;
        this.scheduler = new Scheduler(dice, threads, BEGIN);
        this.topics = new SimulatedTopics(dice);
        this.kms = new KmsSimulator(journal, scheduler::now).propagation(weather.spread());
        this.admin = new AdminSimulator(journal, scheduler::now, Sample.ORGANIZATION.value(), kms)
                .listLag(weather.lag())
                .withWorkspace(WORKSPACE_1, "Payments")
                .withWorkspace(WORKSPACE_2, "Ledger");
        if (dice.nextInt(4) == 0) {
            // What is registered while it is listed moves the others from page to page.
            admin.listByPlace().pageSize(1);
        }
        Flaws flaws = new Flaws(flaw);
        this.instance = new Instance(
                flaws.in(windows.anthropic),
                flaws.in(windows.kms),
                flaws.in(new RoughStorage(this, storage)),
                publisher(),
                scheduler.clock(),
                Objects.requireNonNull(CONFIGS.get(weather.maxAge())),
                Sample.POLICY,
                Sample.ORGANIZATION);
        windows.open(this);
    }

    /** What a schedule came to. */
    record Verdict(long seed, List<String> violations, List<String> ends, List<String> history) {}

    /**
     * Runs the schedule of a seed.
     *
     * @param told whether the history is written down, which takes time
     */
    static Verdict run(long seed, Flaw flaw, ClientCache windows, ExecutorService threads, boolean told) {
        Simulation simulation = new Simulation(seed, flaw, windows, threads, told);
        simulation.settle();
        simulation.ask();
        simulation.comeToRest();
        simulation.judge();
        return new Verdict(
                seed,
                List.copyOf(simulation.violations),
                List.copyOf(simulation.reached),
                List.copyOf(simulation.history));
    }

    // --- the APIs before ----------------------------------------------------------------------------------------

    private void settle() {
        tell(weather.toString());
        int state = dice.nextInt(4);
        if (state > 0) {
            made("projects/acme-kms-prod/locations/us-east5/keyRings?keyRingId=anthropic", "{}");
        }
        if (state > 1) {
            String label = state == 3 ? ",\"anthropic-org-" + Sample.ORGANIZATION.value() + "\":\"true\"" : "";
            made(
                    "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys?cryptoKeyId=payments",
                    "{\"purpose\":\"ENCRYPT_DECRYPT\",\"versionTemplate\":{\"protectionLevel\":\"HSM\"},"
                            + "\"labels\":{\"team\":\"theirs\",\"cost\":\"42\"" + label + "}}");
            othersLabels.put("team", "theirs");
            othersLabels.put("cost", "42");
            grantToAnother();
            grantToAnother();
            int registered = Math.max(0, dice.nextInt(4) - 1);
            for (int i = 0; i < registered; i++) {
                ObjectNode provider =
                        JsonNodeFactory.instance.objectNode().put("type", "gcp").put("key_name", KEY_1);
                othersRegistrations.add(admin.register(provider, "somebody else's"));
                scheduler.pass(Duration.ofSeconds(70));
            }
            if (registered > 0 && dice.nextInt(3) == 0) {
                admin.attach(WORKSPACE_1, othersRegistrations.iterator().next());
            }
        }
    }

    /** Somebody else writes the policy of the key, at any moment. */
    private void grantToAnother() {
        if (!kms.keys().contains(KEY_1)) {
            return;
        }
        others++;
        JsonNode policy = kms.policy(KEY_1);
        String member = "serviceAccount:other-" + others + "@acme-kms-prod.iam.gserviceaccount.com";
        ObjectNode binding = ((ObjectNode) policy).withArray("bindings").addObject();
        binding.put("role", "roles/cloudkms.publicKeyViewer")
                .putArray("members")
                .add(member);
        if (dice.nextBoolean()) {
            binding.putObject("condition").put("title", "c" + others).put("expression", "true");
            ((ObjectNode) policy).put("version", 3);
        }
        kms.setPolicy(KEY_1, policy);
        othersGrants.computeIfAbsent(KEY_1, unused -> new TreeSet<>()).add(grant(binding, member));
        tell("somebody else grants " + member);
    }

    private static String grant(JsonNode binding, String member) {
        return binding.path("role").asText() + " " + member + " "
                + binding.path("condition").path("title").asText("");
    }

    private void made(String target, String body) {
        kms.answer(Call.of("POST", URI.create("http://kms/v1/" + target), Map.of(), body.getBytes(UTF_8)));
    }

    private void ask() {
        int count = 1 + dice.nextInt(3);
        for (int i = 1; i <= count; i++) {
            String id = "r" + i;
            boolean second = i > 1 && dice.nextInt(3) == 0;
            String mode = dice.nextInt(6) == 0 ? dice.nextBoolean() ? "plan" : "validate" : "provision";
            ObjectNode request = JsonNodeFactory.instance
                    .objectNode()
                    .put("requestId", id)
                    .put("mode", mode)
                    .put("key", second ? KEY_2 : KEY_1)
                    .put("displayName", DISPLAY_NAME);
            if (dice.nextInt(4) > 0) {
                request.put("workspaceId", dice.nextInt(4) == 0 ? WORKSPACE_2 : WORKSPACE_1)
                        .put("acknowledgePermanent", true);
            }
            requests.put(id, request.toString());
            ask(id);
            scheduler.pass(Duration.ofMillis(dice.nextInt(2000)));
        }
    }

    private void ask(String id) {
        ends.put(id, new TreeSet<>());
        endedAt.remove(id);
        tell("asked: " + requests.get(id));
        topics.publish("onboarding-requests", Objects.requireNonNull(requests.get(id)), Map.of(), scheduler.now());
    }

    // --- the schedule --------------------------------------------------------------------------------------------

    private void comeToRest() {
        int end = Math.toIntExact(ticks) + STEPS_AT_MOST;
        int rough = Math.toIntExact(ticks) + ROUGH_STEPS;
        while (true) {
            ticks++;
            calm = calm || ticks > rough;
            if (ticks > end) {
                violations.add("it does not come to rest");
                return;
            }
            if (!calm && dice.nextInt(60) == 0) {
                grantToAnother();
            }
            Message message = scheduler.alive() < INSTANCES ? topics.next(scheduler.now()) : null;
            if (message != null && (scheduler.alive() == 0 || dice.nextBoolean())) {
                deliver(message);
            } else if (!scheduler.step()) {
                if (message != null) {
                    deliver(message);
                } else if (!wait(scheduler.nextWake(), scheduler.alive() < INSTANCES ? topics.nextDue() : null)) {
                    return;
                }
            }
        }
    }

    private boolean wait(
            @org.jspecify.annotations.Nullable Instant wake, @org.jspecify.annotations.Nullable Instant due) {
        Instant next = wake == null ? due : due == null || wake.isBefore(due) ? wake : due;
        if (next == null) {
            return false;
        }
        if (next.isAfter(scheduler.now())) {
            scheduler.pass(Duration.between(scheduler.now(), next));
        }
        return true;
    }

    private void deliver(Message message) {
        if (flaw == Flaw.DROPS_DEAD_LETTERS && message.function.equals("reportDeadLetter")) {
            topics.delivered(message, scheduler.now(), false);
            topics.acknowledge(message);
            return;
        }
        boolean twice = strikes(weather.duplicate());
        topics.delivered(message, scheduler.now(), twice);
        scheduler.begin(message + "." + message.attempts, ticks, () -> serve(message));
    }

    private void serve(Message message) {
        Scheduler.Task task = scheduler.running();
        boolean acknowledged;
        String request = message.attributes.get("requestId");
        requestOfTask.put(
                task.name,
                request == null ? json(message.data).path("requestId").asText() : request);
        tell("enters");
        if (flaw == Flaw.ACKNOWLEDGES_FIRST) {
            topics.acknowledge(message);
            message.underWay++;
        }
        try {
            instance.deliver(message.function, message.envelope());
            acknowledged = !task.dead;
        } catch (Killed e) {
            acknowledged = false;
        } catch (RuntimeException | Error e) {
            tell("throws " + e);
            acknowledged = false;
        }
        tell(acknowledged ? "is done" : task.dead ? "is dead" : "wants it again");
        if (acknowledged) {
            topics.acknowledge(message);
        } else {
            topics.refuse(message, scheduler.now(), weather.attempts());
        }
    }

    // --- what the instances reach outside ------------------------------------------------------------------------

    double chance() {
        return dice.nextDouble();
    }

    void pause(Duration time) {
        survive();
        waitOrRunOn(time);
        survive();
    }

    /** Where nobody else could have a turn in the meantime, time passes without the ceremony. */
    private void waitOrRunOn(Duration time) {
        Instant due = topics.nextDue();
        if (scheduler.alive() == 1
                && (due == null || due.isAfter(scheduler.now().plus(time)))) {
            scheduler.pass(time);
        } else {
            scheduler.pause(time);
        }
    }

    Reply anthropic(Call call) {
        return outside(call, admin, VENDOR_FAULTS);
    }

    Reply kms(Call call) {
        return outside(call, kms, GOOGLE_FAULTS);
    }

    /** Takes a moment, in which others may run, and perhaps the last of this one. */
    void meanwhile(String what) {
        survive();
        if (dice.nextInt(4) == 0) {
            waitOrRunOn(Duration.ofMillis(1 + dice.nextInt(300)));
        } else {
            scheduler.pass(Duration.ofMillis(1 + dice.nextInt(100)));
        }
        survive();
        perhapsDie("before " + what);
    }

    void perhapsDie(String when) {
        if (strikes(weather.kill())) {
            tell("dies " + when);
            scheduler.running().dead = true;
            throw new Killed();
        }
    }

    /** Whether something bad happens that happens so often. */
    boolean strikes(double often) {
        return !calm && often > 0 && dice.nextDouble() < often;
    }

    double faults() {
        return weather.fault();
    }

    boolean heads() {
        return dice.nextBoolean();
    }

    private void survive() {
        if (scheduler.running().dead) {
            throw new Killed();
        }
    }

    private static final List<Reply> VENDOR_FAULTS = List.of(
            anthropicFault(429, "rate_limit_error").withHeader("retry-after", "2"),
            anthropicFault(429, "rate_limit_error"),
            anthropicFault(529, "overloaded_error"),
            anthropicFault(500, "api_error"),
            anthropicFault(504, "timeout_error"));
    private static final List<Reply> GOOGLE_FAULTS = List.of(
            googleFault(429, "RESOURCE_EXHAUSTED").withHeader("retry-after", "2"),
            googleFault(429, "RESOURCE_EXHAUSTED"),
            googleFault(503, "UNAVAILABLE"),
            googleFault(500, "INTERNAL"),
            googleFault(504, "DEADLINE_EXCEEDED"));

    private static Reply anthropicFault(int status, String type) {
        return Reply.json(status, "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"rough\"}}");
    }

    private static Reply googleFault(int status, String word) {
        return Reply.json(
                status, "{\"error\":{\"code\":" + status + ",\"status\":\"" + word + "\",\"message\":\"rough\"}}");
    }

    private Reply outside(Call call, Simulator apis, List<Reply> faults) {
        String what = call.method() + " " + call.path();
        meanwhile(what);
        if (strikes(weather.fault() / 2)) {
            return fault(what + " without effect", faults, faults.size());
        }
        examine(call);
        journal.clear();
        Reply reply = apis.answer(call);
        List<Journal.Entry> entries = journal.entries();
        boolean written = !entries.isEmpty() && entries.get(entries.size() - 1).write() && reply.status() < 300;
        if (told) {
            tell(what + " -> " + reply.status() + (written ? " WRITTEN" : ""));
        }
        if (written) {
            wrote(what);
        }
        understand(call, reply);
        perhapsDie("after " + what);
        if (strikes(weather.fault() / 2)) {
            // What says clearly that nothing was done is no answer to a call that was done.
            return fault(what + " after its effect", faults.subList(3, faults.size()), 2);
        }
        return reply;
    }

    private Reply fault(String what, List<Reply> faults, int count) {
        int which = dice.nextInt(count + 1);
        if (which == count) {
            tell("no answer: " + what);
            scheduler.pass(Duration.ofSeconds(10));
            throw new UncheckedIOException(new IOException("no answer"));
        }
        tell(faults.get(which).status() + ": " + what);
        return faults.get(which);
    }

    private Topics publisher() {
        return (topic, json, attributes, orderingKey) -> {
            meanwhile("publishing on " + topic);
            if (strikes(weather.fault() / 2)) {
                tell("does not publish on " + topic);
                throw new TransientException(Reason.GOOGLE_UNAVAILABLE, "Publish was not answered", null);
            }
            topics.publish(topic, json, attributes, scheduler.now());
            if (told) {
                tell("publishes on " + topic + " " + attributes.getOrDefault("status", ""));
            }
            if (topic.equals(SimulatedTopics.RESULTS)) {
                ended(attributes, json);
            }
            perhapsDie("after publishing on " + topic);
            if (strikes(weather.fault() / 2)) {
                tell("does not know that it published on " + topic);
                throw new TransientException(Reason.GOOGLE_UNAVAILABLE, "Publish was not answered", null);
            }
        };
    }

    private void ended(Map<String, String> attributes, String json) {
        String status = attributes.getOrDefault("status", "");
        String request = attributes.getOrDefault("requestId", "");
        if (Status.valueOf(status).isTerminal() && ends.containsKey(request)) {
            ends.get(request).add(attributes.get("ce-id"));
            superseded.add(json(json).path("supersedes").asText());
            endedAt.putIfAbsent(request, ticks);
        }
    }

    // --- what must hold ------------------------------------------------------------------------------------------

    /** Before a call has its effect. */
    private void examine(Call call) {
        String path = call.path();
        if (call.method().equals("POST") && path.contains("/workspaces/")) {
            String workspace = path.substring(path.lastIndexOf('/') + 1);
            String key = json(call.text()).path("external_key_id").asText();
            if (admin.attachedKey(workspace).isPresent()) {
                violations.add("ATTACHED_OVER: " + workspace + " has a key already");
            }
            if (!validated.contains(key)) {
                violations.add("NOT_VALIDATED: " + key + " is attached without a success of validation");
            }
        }
        if (call.method().equals("DELETE")) {
            violations.add("DELETED: " + path);
        }
    }

    private void wrote(String what) {
        writes++;
        Scheduler.Task task = scheduler.running();
        String request = requestOf(task.name);
        Long ended = endedAt.get(request);
        if (ended != null && ended < task.begun) {
            violations.add("WRITTEN_AFTER_END: " + task.name + " of " + request + " " + what);
        }
    }

    private void understand(Call call, Reply reply) {
        String path = call.path();
        if (path.endsWith("/validate") && reply.status() == 200) {
            String id = path.substring(0, path.lastIndexOf('/'));
            id = id.substring(id.lastIndexOf('/') + 1);
            if (json(reply.text()).path("status").asText().equals("success")) {
                validated.add(id);
            } else {
                validated.remove(id);
            }
        } else if (call.method().equals("POST") && path.contains("/workspaces/") && reply.status() == 200) {
            if (!attaches.add(path)) {
                violations.add("ATTACHED_TWICE: " + path);
            }
        }
    }

    private String requestOf(String task) {
        return requestOfTask.getOrDefault(task, "");
    }

    private void judge() {
        if (!violations.isEmpty()) {
            return;
        }
        Map<String, String> first = new TreeMap<>();
        ends.forEach((request, all) -> {
            Set<String> ids = new TreeSet<>(all);
            ids.removeAll(superseded);
            if (ids.size() != 1) {
                violations.add((ids.isEmpty() ? "NO_END: " : "SEVERAL_ENDS: ") + request + " " + ids);
            } else {
                String id = ids.iterator().next();
                first.put(request, id.substring(id.lastIndexOf('.') + 1));
                reached.add(id.substring(id.indexOf('.', id.indexOf('.') + 1) + 1));
            }
        });
        for (String key : kms.keys()) {
            judgeKey(key);
        }
        if (!violations.isEmpty()) {
            return;
        }
        repeat(first);
    }

    private void judgeKey(String key) {
        long registrations = admin.externalKeys().stream()
                .filter(registration -> registration
                        .path("provider_config")
                        .path("key_name")
                        .asText()
                        .equals(key))
                .count();
        long before = key.equals(KEY_1) ? othersRegistrations.size() : 0;
        if (registrations > Math.max(1, before)) {
            violations.add("REGISTERED_TWICE: " + key + " " + registrations + " times");
        }
        Set<String> grants = new TreeSet<>();
        kms.policy(key)
                .path("bindings")
                .forEach(binding -> binding.path("members").forEach(member -> {
                    if (!member.asText().equals(VENDOR)) {
                        grants.add(grant(binding, member.asText()));
                    }
                }));
        if (!grants.equals(othersGrants.getOrDefault(key, Set.of()))) {
            violations.add("OTHERS_GRANTS: " + grants + " instead of " + othersGrants.get(key));
        }
        if (key.equals(KEY_1) && !kms.labels(key).entrySet().containsAll(othersLabels.entrySet())) {
            violations.add("OTHERS_LABELS: " + kms.labels(key));
        }
    }

    /** What ended well, asked for again in good weather, is found and left as it is. */
    private void repeat(Map<String, String> first) {
        calm = true;
        // So long that nothing lags or spreads any more.
        scheduler.pass(Duration.ofHours(1));
        writes = 0;
        first.forEach((request, status) -> {
            if (Set.of("ATTACHED", "VALIDATED", "PLANNED").contains(status)) {
                ask(request);
            }
        });
        comeToRest();
        if (writes > 0) {
            violations.add("WRITTEN_AGAIN: " + writes + " writes on a repeat");
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    <T> T told(String what, Supplier<T> work) {
        T answer = work.get();
        if (told) {
            tell(what + " -> " + answer);
        }
        return answer;
    }

    private void tell(String what) {
        if (told) {
            history.add(scheduler.now() + " " + (scheduler.isSomebodyRunning() ? scheduler.running().name + " " : "")
                    + what);
        }
    }
}
