package cmek.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.client.http.SideBySide;
import cmek.client.pubsub.Topics;
import cmek.client.storage.StorageInProcess;
import cmek.config.CmekConfig;
import cmek.config.ScanSettings;
import cmek.fake.Sample;
import cmek.fake.Scans;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.function.Instance;
import cmek.model.Policy;
import cmek.onboarding.Step;
import cmek.result.Status;
import cmek.simulation.Promises.Kind;
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
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One schedule: a few requests, from their publication until everything is at rest, and once more. */
final class Simulation {

    private static final String KEY_1 = Sample.KEY.toString();
    private static final String KEY_2 = KEY_1.replace("payments", "store");
    /** A key of somebody else's that nobody asks for. */
    static final String KEY_3 = KEY_1.replace("payments", "vault");

    private static final String WORKSPACE_1 = Sample.WORKSPACE.value();
    private static final String WORKSPACE_2 = "wrkspc_01JwQvzr7rXLA5AGx3HKfFUK";
    /** Another team's. */
    private static final String WORKSPACE_3 = "wrkspc_01JwQvzr7rXLA5AGx3HKfFUL";

    private static final String DISPLAY_NAME = "Payments production";
    private static final String LABEL = Sample.ORGANIZATION.label().key();
    private static final String ANTHROPIC =
            "serviceAccount:anthropic-cmek-client-us@gcp-anthropic-cmek-clients.iam.gserviceaccount.com";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant BEGIN = Instant.parse("2026-11-24T08:00:00Z");
    private static final int INSTANCES = 4;
    private static final int ROUGH_STEPS = 700;
    private static final int ROUGH_STEPS_AFTER_AN_ACT = 150;
    private static final int STEPS_AT_MOST = 60_000;
    private static final Map<Duration, CmekConfig> CONFIGS = Map.of(
            Duration.ofHours(24), ClientCache.config("PT24H"), Duration.ofMinutes(15), ClientCache.config("PT15M"));

    private final SplittableRandom dice;
    private final Weather weather;
    private final Flaw flaw;
    private final boolean told;
    private final Scheduler scheduler;
    private final SimulatedTopics topics;
    private final Agenda agenda = new Agenda();
    private final Journal journal = new Journal();
    private final KmsSimulator kms;
    private final AdminSimulator admin;
    private final StorageInProcess bucket;
    private final Releases releases;
    private final Promises promises;
    private final Supplier<Instance> instances;

    private final List<String> history = new ArrayList<>();
    private final Map<String, String> requests = new TreeMap<>();
    private final Map<String, String> roots = new TreeMap<>();
    private final Map<String, String> rootOfTask = new HashMap<>();
    private final Set<String> awaiting = new HashSet<>();
    private final Deque<String> registeredForNothing = new ArrayDeque<>();
    private boolean calm;
    private boolean taken;
    private long roughUntil = ROUGH_STEPS;
    private long ticks;
    private int others;

    /** What is made side by side is made one after another here, in one order or the other. */
    private static final SideBySide AS_BEGUN = new SideBySide(Runnable::run);

    private static final SideBySide AS_WAITED_FOR = new SideBySide(work -> {});

    private Simulation(long seed, Flaw flaw, ClientCache windows, ExecutorService threads, boolean told) {
        this.dice = new SplittableRandom(seed);
        this.weather = Weather.of(dice);
        this.flaw = flaw;
        this.told = told;
        this.scheduler = new Scheduler(dice, threads, BEGIN);
        this.topics = new SimulatedTopics(dice);
        this.bucket = new StorageInProcess(scheduler::now);
        this.releases = new Releases(dice);
        this.kms = new KmsSimulator(journal, scheduler::now).propagation(weather.spread());
        this.admin = new AdminSimulator(journal, scheduler::now, Sample.ORGANIZATION.value(), kms)
                .listLag(weather.lag())
                .withWorkspace(WORKSPACE_1, "Payments")
                .withWorkspace(WORKSPACE_2, "Ledger")
                .withWorkspace(WORKSPACE_3, "Another team's");
        if (weather.movement() > 0 || dice.nextInt(4) == 0) {
            // What is registered or deleted while it is listed moves the others from page to page.
            admin.listByPlace().pageSize(1);
        }
        boolean takesApproval = dice.nextInt(3) == 0;
        this.promises =
                new Promises(scheduler.clock(), topics, kms, admin, Set.of(WORKSPACE_1, WORKSPACE_2), takesApproval);
        Flaws flaws = new Flaws(flaw, this::anthropic, bucket::write);
        Policy policy = policy(takesApproval, flaw);
        ScanSettings scanning = dice.nextInt(3) == 0 ? Scans.OBSERVING : Scans.REPAIRING;
        // Each delivery meets a process of its own, with nothing in its memory.
        this.instances = () -> new Instance(
                flaws.in(windows.anthropic),
                flaws.in(windows.kms),
                flaws.in(windows.storage),
                publisher(),
                flaws.in(scheduler.clock()),
                Objects.requireNonNull(CONFIGS.get(weather.maxAge())),
                policy,
                scanning,
                Sample.ORGANIZATION,
                dice.nextBoolean() ? AS_BEGUN : AS_WAITED_FOR);
        windows.open(this);
    }

    private static Policy policy(boolean takesApproval, Flaw flaw) {
        return new Policy(
                Sample.POLICY.allowedProjects(),
                flaw == Flaw.ALLOWS_ANY_WORKSPACE ? List.of("*") : List.of(WORKSPACE_1, WORKSPACE_2),
                Sample.POLICY.allowedLocations(),
                Sample.POLICY.protectionLevels(),
                Sample.POLICY.auditLogs(),
                takesApproval && flaw != Flaw.IGNORES_APPROVALS
                        ? Policy.AttachApproval.REQUIRED
                        : Policy.AttachApproval.NONE);
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
        simulation.planScans();
        simulation.comeToRest();
        simulation.promises.judge();
        if (simulation.promises.violations().isEmpty()) {
            simulation.repeat();
        }
        return new Verdict(
                seed,
                List.copyOf(simulation.promises.violations()),
                simulation.promises.ends(),
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
            key("vault", "");
            key("payments", state == 3 ? ",\"" + LABEL + "\":\"true\"" : "");
            promises.labelled(KEY_1, Map.of("team", "theirs", "cost", "42"));
            grantToAnother();
            grantToAnother();
            int registered = Math.max(0, dice.nextInt(4) - 1);
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < registered; i++) {
                ids.add(admin.register(KEY_1, "somebody else's"));
                promises.registered(ids.get(i), KEY_1);
                scheduler.pass(Duration.ofSeconds(70));
            }
            if (registered > 0 && dice.nextInt(3) == 0) {
                admin.attach(WORKSPACE_1, ids.get(0));
            }
        }
        for (int i = 0; weather.movement() > 0 && i < 3; i++) {
            registerForNothing();
        }
    }

    private void key(String name, String label) {
        made(
                "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys?cryptoKeyId=" + name,
                "{\"purpose\":\"ENCRYPT_DECRYPT\",\"versionTemplate\":{\"protectionLevel\":\"HSM\"},"
                        + "\"labels\":{\"team\":\"theirs\",\"cost\":\"42\"" + label + "}}");
    }

    // --- what others do ------------------------------------------------------------------------------------------

    /** Anything, at any moment. */
    private void othersAct() {
        if (dice.nextInt(60) == 0) {
            grantToAnother();
        }
        if (strikes(weather.movement())) {
            if (dice.nextBoolean() || registeredForNothing.isEmpty()) {
                registerForNothing();
            } else {
                String id = registeredForNothing.remove();
                admin.forget(id);
                promises.deleted(id);
                tell("somebody else deletes their registration " + id);
            }
        }
    }

    /** Somebody else registers a key that is not in Cloud KMS. */
    private void registerForNothing() {
        others++;
        String id = admin.register(
                JsonNodeFactory.instance.objectNode().put("type", "aws").put("key_name", "elsewhere-" + others),
                "somebody else's");
        promises.registered(id, "elsewhere-" + others);
        registeredForNothing.add(id);
        tell("somebody else registers " + id);
    }

    /** Somebody else writes the policy of the key. */
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
        promises.granted(KEY_1, binding, member);
        tell("somebody else grants " + member);
    }

    /** Somebody else takes from a key what makes it usable. */
    private void takeAway(String key) {
        if (!kms.keys().contains(key)) {
            return;
        }
        taken = true;
        if (dice.nextBoolean()) {
            Map<String, String> labels = new TreeMap<>(kms.labels(key));
            labels.remove(LABEL);
            kms.setLabels(key, labels);
            tell("somebody else takes the label from " + key);
        } else {
            ObjectNode policy = (ObjectNode) kms.policy(key);
            ArrayNode left = JsonNodeFactory.instance.arrayNode();
            policy.path("bindings").forEach(binding -> {
                if (!binding.path("members").path(0).asText().equals(ANTHROPIC)) {
                    left.add(binding);
                }
            });
            policy.set("bindings", left);
            kms.setPolicy(key, policy);
            tell("somebody else takes the bindings from " + key);
        }
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
                request.put("workspaceId", workspace()).put("acknowledgePermanent", true);
            }
            requests.put(id, request.toString());
            ask(id);
            scheduler.pass(Duration.ofMillis(dice.nextInt(2000)));
        }
    }

    private String workspace() {
        return dice.nextInt(12) == 0 ? WORKSPACE_3 : dice.nextInt(4) == 0 ? WORKSPACE_2 : WORKSPACE_1;
    }

    private void ask(String id) {
        String request = Objects.requireNonNull(requests.get(id));
        tell("asked: " + request);
        Message message = topics.publish("onboarding-requests", request, Map.of(), scheduler.now(), null);
        promises.asked(message, json(request));
        roots.put(id, message.root);
    }

    /** Scans a day apart, before and between which a key may lose something. */
    private void planScans() {
        int count = dice.nextInt(3) == 0 ? 1 + dice.nextInt(3) : 0;
        for (int i = 0; i < count; i++) {
            Instant at = scheduler.now().plus(Duration.ofDays(i)).plusSeconds(dice.nextInt(90));
            agenda.add(at, () -> {
                tell("a scan");
                Message message =
                        topics.publish(SimulatedTopics.SCAN, "", Map.of("trigger", "nightly"), scheduler.now(), null);
                promises.scanBegan(message);
            });
            if (dice.nextBoolean()) {
                agenda.add(at.plusSeconds(dice.nextInt(7200)), () -> takeAway(dice.nextInt(3) == 0 ? KEY_2 : KEY_1));
            }
        }
    }

    /** Somebody is asked to approve an attachment, and perhaps does. */
    private void planApproval(JsonNode result) {
        String digest = result.path("approval").path("digest").asText();
        if (!awaiting.add(digest)) {
            return;
        }
        Instant soon = scheduler.now().plusSeconds(dice.nextInt(600));
        Instant until = Instant.parse(result.path("until").asText());
        switch (dice.nextInt(8)) {
            case 0 -> {} // Nobody does.
            case 1 -> {
                // Two people, neither of whom knows of the other.
                agenda.add(soon, () -> approve(SimulatedTopics.APPROVALS, digest, Kind.APPROVAL));
                agenda.add(
                        soon.plusMillis(dice.nextInt(4000)),
                        () -> approve(SimulatedTopics.APPROVALS, digest, Kind.APPROVAL));
            }
            case 2 ->
                agenda.add(
                        until.plusMillis(1 + dice.nextInt(7_200_000)),
                        () -> approve(SimulatedTopics.APPROVALS, digest, Kind.LATE_APPROVAL));
            case 3 ->
                agenda.add(
                        until.minusMillis(1 + dice.nextInt(2000)),
                        () -> approve(SimulatedTopics.APPROVALS, digest, Kind.APPROVAL));
            case 4 ->
                // Whoever may not approve publishes where they may publish.
                agenda.add(
                        soon,
                        () -> approve(
                                dice.nextBoolean() ? "onboarding-requests" : Step.ATTACH_WORKSPACE.topic(),
                                digest,
                                Kind.MISPLACED_APPROVAL));
            default -> agenda.add(soon, () -> approve(SimulatedTopics.APPROVALS, digest, Kind.APPROVAL));
        }
    }

    private void approve(String topic, String digest, Kind kind) {
        tell(kind + " of " + digest);
        // Two messages of the same millisecond and the same bytes would be one.
        scheduler.pass(Duration.ofMillis(1));
        Message message = topics.publish(topic, "{\"approve\":\"" + digest + "\"}", Map.of(), scheduler.now(), null);
        promises.approved(message, digest, kind);
    }

    /** An operator finds a dead letter, and perhaps has it delivered once more. */
    private void planReplay(Message letter) {
        if (dice.nextBoolean()) {
            agenda.add(scheduler.now().plusSeconds(dice.nextInt(3600)), () -> {
                tell("replayed: " + letter);
                promises.replayed(letter);
                if (flaw != Flaw.DROPS_REPLAYS) {
                    topics.replay(letter, scheduler.now());
                }
            });
        }
    }

    // --- the schedule --------------------------------------------------------------------------------------------

    private void comeToRest() {
        long end = ticks + STEPS_AT_MOST;
        while (true) {
            ticks++;
            calm = ticks > roughUntil;
            if (ticks > end) {
                promises.violated("it does not come to rest");
                return;
            }
            if (!calm) {
                othersAct();
            }
            if (agenda.act(scheduler.now())) {
                roughUntil = calm ? roughUntil : Math.max(roughUntil, ticks + ROUGH_STEPS_AFTER_AN_ACT);
                continue;
            }
            Message message = scheduler.alive() < INSTANCES ? topics.next(scheduler.now()) : null;
            if (message != null && (scheduler.alive() == 0 || dice.nextBoolean())) {
                deliver(message);
            } else if (!scheduler.step()) {
                if (message != null) {
                    deliver(message);
                } else if (!wait(scheduler.alive() < INSTANCES ? topics.nextDue() : null)) {
                    return;
                }
            }
        }
    }

    /** Lets time pass until something can happen; false when nothing ever will. */
    private boolean wait(@Nullable Instant due) {
        Optional<Instant> next = Stream.of(scheduler.nextWake(), due, agenda.nextDue())
                .filter(Objects::nonNull)
                .min(Instant::compareTo);
        next.filter(at -> at.isAfter(scheduler.now()))
                .ifPresent(at -> scheduler.pass(Duration.between(scheduler.now(), at)));
        return next.isPresent();
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
        rootOfTask.put(task.name, message.root);
        tell("enters");
        if (flaw == Flaw.ACKNOWLEDGES_FIRST) {
            topics.acknowledge(message);
            message.underWay++;
        }
        try {
            instances.get().deliver(message.function, message.envelope());
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
            topics.refuse(message, scheduler.now(), weather.attempts()).ifPresent(this::planReplay);
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

    /** A write to the bucket may be made, and its answer lost: what tries it again then meets its own echo. */
    Reply storage(Call call) {
        if (!scheduler.isRunning(Thread.currentThread())) {
            // A report reads many objects at a time, on threads of its own.
            return bucket.wire().answer(call);
        }
        boolean write = call.method().equals("POST");
        String what = (write ? "writing " : "reading ") + call.parameter("name").orElse(call.path());
        meanwhile(what);
        if (strikes(weather.fault() / 2)) {
            return fault(what + " without effect", STORAGE_FAULTS, STORAGE_FAULTS.size());
        }
        Reply reply = bucket.wire().answer(write ? ofAnyRelease(call) : call);
        if (told) {
            tell(what + " -> " + reply.status());
        }
        if (!write) {
            return reply;
        }
        perhapsDie("after " + what);
        return strikes(weather.fault() / 2)
                ? fault(what + " after its effect", STORAGE_FAULTS.subList(3, STORAGE_FAULTS.size()), 2)
                : reply;
    }

    /** Another release has more in what it keeps of a request or a key. */
    private Call ofAnyRelease(Call create) {
        boolean isKept = create.header("content-type")
                        .filter("application/json"::equals)
                        .isPresent()
                && create.parameter("ifGenerationMatch").filter("0"::equals).isPresent()
                && !create.parameter("name").orElse("").matches("(runs|scans)/.*");
        return isKept && isOfAnotherRelease()
                ? new Call(
                        create.method(),
                        create.path(),
                        create.query(),
                        create.headers(),
                        releases.object(create.text()).getBytes(UTF_8))
                : create;
    }

    private boolean isOfAnotherRelease() {
        return strikes(weather.release());
    }

    /** Takes a moment, in which others may run, and perhaps the last of this one. */
    private void meanwhile(String what) {
        survive();
        if (!isSending(what)) {
            perhapsFreeze("before " + what);
        }
        if (dice.nextInt(4) == 0) {
            waitOrRunOn(Duration.ofMillis(1 + dice.nextInt(300)));
        } else {
            scheduler.pass(Duration.ofMillis(1 + dice.nextInt(100)));
        }
        survive();
        perhapsDie("before " + what);
    }

    private void perhapsFreeze(String when) {
        if (strikes(weather.freeze())) {
            tell("freezes " + when);
            scheduler.pause(Duration.ofSeconds(30 + dice.nextInt(2400)));
            survive();
        }
    }

    /**
     * A freeze after the last check of the lock and before what it guards is sent is the one that nothing keeps from doing
     * harm: the gap that SECURITY.md names.
     */
    private static boolean isSending(String what) {
        return what.startsWith("POST /v1/organizations/workspaces/")
                || what.equals("POST /v1/organizations/external_keys");
    }

    private void perhapsDie(String when) {
        if (strikes(weather.kill())) {
            tell("dies " + when);
            scheduler.running().dead = true;
            throw new Killed();
        }
    }

    /** Whether something bad happens that happens so often. */
    private boolean strikes(double often) {
        return !calm && often > 0 && dice.nextDouble() < often;
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

    private static final List<Reply> STORAGE_FAULTS = List.of(
            storageFault(429, "rateLimitExceeded").withHeader("retry-after", "2"),
            storageFault(429, "rateLimitExceeded"),
            storageFault(503, "backendError"),
            storageFault(500, "internalError"),
            storageFault(504, "gatewayTimeout"));

    private static Reply anthropicFault(int status, String type) {
        return Reply.json(status, "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"rough\"}}");
    }

    private static Reply googleFault(int status, String word) {
        return Reply.json(
                status, "{\"error\":{\"code\":" + status + ",\"status\":\"" + word + "\",\"message\":\"rough\"}}");
    }

    private static Reply storageFault(int status, String reason) {
        return Reply.json(
                status,
                "{\"error\":{\"code\":" + status + ",\"message\":\"rough\",\"errors\":[{\"message\":\"rough\","
                        + "\"domain\":\"global\",\"reason\":\"" + reason + "\"}]}}");
    }

    private Reply outside(Call call, Simulator apis, List<Reply> faults) {
        String what = call.method() + " " + call.path();
        meanwhile(what);
        if (strikes(weather.fault() / 2)) {
            return fault(what + " without effect", faults, faults.size());
        }
        promises.before(call);
        journal.clear();
        Reply reply = apis.answer(call);
        List<Journal.Entry> entries = journal.entries();
        boolean written = !entries.isEmpty() && entries.get(entries.size() - 1).write() && reply.status() < 300;
        if (told) {
            tell(what + " -> " + reply.status() + (written ? " WRITTEN" : ""));
        }
        Scheduler.Task task = scheduler.running();
        if (written) {
            promises.wrote(task.name + " " + what, root(task), task.begun);
        }
        promises.after(call, reply, task.name);
        perhapsDie("after " + what);
        perhapsFreeze("after " + what);
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
            boolean event = !topic.equals(SimulatedTopics.RESULTS);
            String data = event && isOfAnotherRelease() ? releases.event(json) : json;
            topics.publish(topic, data, attributes, scheduler.now(), root(scheduler.running()));
            if (told) {
                tell("publishes on " + topic + " " + attributes.getOrDefault("status", ""));
            }
            if (!event) {
                promises.published(attributes, json, ticks);
                if (Status.AWAITING_APPROVAL.name().equals(attributes.get("status"))) {
                    planApproval(json(json));
                }
            }
            perhapsDie("after publishing on " + topic);
            if (strikes(weather.fault() / 2)) {
                tell("does not know that it published on " + topic);
                throw new TransientException(Reason.GOOGLE_UNAVAILABLE, "Publish was not answered", null);
            }
        };
    }

    private String root(Scheduler.Task task) {
        return rootOfTask.getOrDefault(task.name, "");
    }

    /** What ended well, asked for again in good weather, is found and left as it is. */
    private void repeat() {
        roughUntil = 0;
        List<String> well = requests.keySet().stream()
                .filter(request -> Set.of("ATTACHED", "VALIDATED", "PLANNED")
                        .contains(promises.endOf(roots.getOrDefault(request, ""))))
                .toList();
        if (taken) {
            // What somebody took away is given back by the first repeat.
            askAgain(well);
        }
        promises.takeWrites();
        askAgain(well);
        int writes = promises.takeWrites();
        if (writes > 0) {
            promises.violated("WRITTEN_AGAIN: " + writes + " writes on a repeat");
        }
    }

    private void askAgain(List<String> asked) {
        // So long that nothing lags or spreads any more.
        scheduler.pass(Duration.ofHours(1));
        asked.forEach(this::ask);
        comeToRest();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void tell(String what) {
        if (told) {
            history.add(scheduler.now() + " " + (scheduler.isSomebodyRunning() ? scheduler.running().name + " " : "")
                    + what);
        }
    }
}
