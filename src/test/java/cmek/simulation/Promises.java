package cmek.simulation;

import cmek.fake.Sample;
import cmek.result.Status;
import cmek.scan.RunId;
import cmek.simulation.SimulatedTopics.Message;
import cmek.simulator.AdminSimulator;
import cmek.simulator.Call;
import cmek.simulator.KmsSimulator;
import cmek.simulator.Reply;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What must hold under every schedule. It is told all that happens, and knows what does not hold. */
final class Promises {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern KEY =
            Pattern.compile("/v1/(projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/:]+)(?::setIamPolicy)?");
    /** How old an answer may be that an attachment rests on: it is asked for under this lock. */
    private static final Duration LOCK = Sample.LEDGER.abandonedAfter();

    private static final String REGISTRATIONS = "/v1/organizations/external_keys";
    private static final String WORKSPACES = "/v1/organizations/workspaces/";
    private static final String ANTHROPIC =
            "serviceAccount:anthropic-cmek-client-us@gcp-anthropic-cmek-clients.iam.gserviceaccount.com";

    private final Clock clock;
    private final SimulatedTopics topics;
    private final KmsSimulator kms;
    private final AdminSimulator admin;
    private final Set<String> allowedWorkspaces;
    private final boolean takesApproval;

    private final List<String> violations = new ArrayList<>();
    private final Map<String, Entered> entered = new TreeMap<>();
    private final Map<String, Wanted> wanted = new HashMap<>();
    private final Map<String, Scan> scans = new TreeMap<>();
    private final Set<String> askedOfKms = new HashSet<>();
    private final Set<String> askedToAttach = new HashSet<>();
    private final Set<String> approved = new HashSet<>();
    private final Map<String, Instant> validated = new HashMap<>();
    private final Set<String> attaches = new HashSet<>();
    private final Set<String> registrations = new TreeSet<>();
    private final Map<String, Integer> registeredByOthers = new HashMap<>();
    private final Map<String, Integer> hidden = new HashMap<>();
    private final Map<String, Listing> listings = new HashMap<>();
    private final Map<String, Set<String>> othersGrants = new TreeMap<>();
    private final Map<String, Map<String, String>> othersLabels = new TreeMap<>();
    private int writes;

    /**
     * The promises of one deployment.
     *
     * @param clock the time of all who live in the simulation
     * @param allowedWorkspaces those that its policy names
     * @param takesApproval whether attaching takes an approval
     */
    Promises(
            Clock clock,
            SimulatedTopics topics,
            KmsSimulator kms,
            AdminSimulator admin,
            Set<String> allowedWorkspaces,
            boolean takesApproval) {
        this.clock = clock;
        this.topics = topics;
        this.kms = kms;
        this.admin = admin;
        this.allowedWorkspaces = allowedWorkspaces;
        this.takesApproval = takesApproval;
    }

    /** What a message from outside is for. */
    enum Kind {
        REQUEST,
        APPROVAL,
        /** An approval after its time. */
        LATE_APPROVAL,
        /** An approval where only requests or events are taken. */
        MISPLACED_APPROVAL
    }

    /** A message from outside, and how it ended: the ids of its terminal results in the order they were published. */
    private static final class Entered {

        final Kind kind;
        final String digest;
        final Map<String, Status> ends = new LinkedHashMap<>();
        boolean replayed;

        /** What its published ends say that they supersede. */
        final Set<String> superseded = new HashSet<>();

        /** How many ends there were when it was replayed after FAILED; none may be the last one. */
        int endsBeforeReplay;

        @Nullable
        Long endedAt;

        Entered(Kind kind, String digest) {
            this.kind = kind;
            this.digest = digest;
        }

        Status end() {
            return List.copyOf(ends.values()).get(ends.size() - 1);
        }

        /** Which replay the last end is of; 0 for none. */
        int numberOfEnd() {
            String id = List.copyOf(ends.keySet()).get(ends.size() - 1);
            String last = id.substring(id.lastIndexOf('.') + 1);
            return last.chars().allMatch(Character::isDigit) ? Integer.parseInt(last) : 0;
        }

        /** FAILED alone may be followed by another end: by what turned out to be true, or after a replay. */
        boolean isEndedOnce() {
            List<Status> all = List.copyOf(ends.values());
            boolean failedBefore = all.subList(0, all.size() - 1).stream().allMatch(Status.FAILED::equals);
            boolean foundOut = all.size() == 2 && end() != Status.FAILED;
            return all.size() == 1 || (failedBefore && (replayed || foundOut));
        }
    }

    /** An approval that is waited for. */
    private record Wanted(String attachment, Instant until) {}

    /** A scan, and how it ended: with one report, or because a function of it gave up. */
    private record Scan(String run, Set<String> reports, Set<String> failures) {}

    /** A list of registrations while its pages are read. */
    private record Listing(Map<String, String> before, Set<String> seen) {}

    void violated(String what) {
        violations.add(what);
    }

    List<String> violations() {
        return violations;
    }

    // --- what people do ------------------------------------------------------------------------------------------

    void asked(Message message, JsonNode request) {
        entered.put(message.root, new Entered(Kind.REQUEST, ""));
        String key = request.path("key").asText();
        if (request.path("mode").asText().equals("provision")) {
            askedOfKms.add(key);
        }
        if (!request.path("mode").asText().equals("plan")) {
            askedToAttach.add(key + " on " + request.path("workspaceId").asText());
        }
    }

    void approved(Message message, String digest, Kind kind) {
        entered.put(message.root, new Entered(kind, digest));
        Wanted what = wanted.get(digest);
        if (kind == Kind.APPROVAL && what != null && !message.publishedAt.isAfter(what.until())) {
            approved.add(what.attachment());
        }
    }

    void replayed(Message letter) {
        Entered message = entered.get(letter.root);
        if (message != null) {
            message.replayed = true;
            if (!message.ends.isEmpty()
                    && message.end() == Status.FAILED
                    && numberOfReplay(letter) > message.numberOfEnd()) {
                message.endsBeforeReplay = message.ends.size();
            }
        }
    }

    /** The number that a letter's onboarding goes on with; copies of a letter go on with the same one, and end once. */
    private static int numberOfReplay(Message letter) {
        return 1
                + json(letter.data).path("replay").asInt()
                + Integer.parseInt(letter.attributes.getOrDefault("replay", "0"));
    }

    void scanBegan(Message message) {
        scans.put(
                message.root,
                new Scan(RunId.ofScan(message.publishedAt, message.id).value(), new TreeSet<>(), new TreeSet<>()));
    }

    /** Somebody else registered a key. */
    void registered(String id, String key) {
        registrations.add(id);
        registeredByOthers.merge(key, 1, Integer::sum);
    }

    /** Somebody else deleted a registration of theirs. */
    void deleted(String id) {
        registrations.remove(id);
    }

    void granted(String key, JsonNode binding, String member) {
        othersGrants.computeIfAbsent(key, any -> new TreeSet<>()).add(grant(binding, member));
    }

    void labelled(String key, Map<String, String> labels) {
        othersLabels.put(key, labels);
    }

    private static String grant(JsonNode binding, String member) {
        return binding.path("role").asText() + " " + member + " "
                + binding.path("condition").path("title").asText("");
    }

    // --- what the service does -----------------------------------------------------------------------------------

    /** A result is published. */
    void published(Map<String, String> attributes, String json, long tick) {
        String id = attributes.getOrDefault("ce-id", "");
        Status status = Status.valueOf(attributes.getOrDefault("status", ""));
        String[] parts = id.split("\\.", 3);
        for (Map.Entry<String, Scan> scan : scans.entrySet()) {
            if ((status == Status.SCAN_COMPLETED || status == Status.SCAN_INCOMPLETE)
                    && scan.getValue().run().equals(attributes.get("runId"))) {
                scan.getValue().reports().add(id);
            }
            if (status == Status.FAILED
                    && !String.valueOf(attributes.get("step")).equals("scanKey")
                    && topics.rootOf(parts[0]).equals(scan.getKey())) {
                scan.getValue().failures().add(id);
            }
        }
        Entered message = parts.length == 3 ? entered.get(topics.rootOf(parts[1])) : null;
        if (!status.isTerminal() || message == null) {
            return;
        }
        if (message.superseded.contains(id)) {
            // Said late, by a delivery that was frozen: what came after it has named it already.
            return;
        }
        String superseded = json(json).path("supersedes").asText("");
        message.superseded.add(superseded);
        // What it supersedes may be a failure that a frozen delivery has written and not published yet.
        boolean names = message.ends.containsKey(superseded)
                || (superseded.startsWith(parts[0] + "." + parts[1] + ".") && superseded.contains(".FAILED"));
        if (!message.ends.isEmpty() && !message.ends.containsKey(id) && !names) {
            violated("NOT_SUPERSEDED: " + id + " comes after " + message.ends + " and does not say so");
        }
        message.ends.putIfAbsent(id, status);
        if (message.endedAt == null || status != Status.FAILED) {
            message.endedAt = tick;
        }
        if (status == Status.AWAITING_APPROVAL) {
            JsonNode result = json(json);
            wanted.putIfAbsent(
                    result.path("approval").path("digest").asText(),
                    new Wanted(
                            result.path("key").asText() + " on "
                                    + result.path("workspaceId").asText(),
                            Instant.parse(result.path("until").asText())));
        }
    }

    /** Before a call has its effect. */
    void before(Call call) {
        String path = call.path();
        if (call.method().equals("POST") && path.startsWith(WORKSPACES)) {
            beforeAttach(
                    path.substring(WORKSPACES.length()),
                    json(call.text()).path("external_key_id").asText());
        }
        if (call.method().equals("DELETE")) {
            violated("DELETED: " + path);
        }
        if (!call.method().equals("GET") && path.contains("/cryptoKeys")) {
            beforeWrite(call.parameter("cryptoKeyId").map(id -> path + "/" + id).orElse(path));
        }
    }

    private void beforeAttach(String workspace, String registration) {
        if (admin.attachedKey(workspace).isPresent()) {
            violated("ATTACHED_OVER: " + workspace + " has a key already");
        }
        Instant success = validated.get(registration);
        if (success == null || success.plus(LOCK).isBefore(clock.instant())) {
            violated("NOT_VALIDATED: " + registration + " is attached, and its last success of validation was "
                    + (success == null ? "never" : "at " + success));
        }
        String attachment = keyNames().getOrDefault(registration, registration) + " on " + workspace;
        if (!allowedWorkspaces.contains(workspace) || !askedToAttach.contains(attachment)) {
            violated("ATTACHED_UNALLOWED: " + attachment);
        }
        if (takesApproval && !approved.contains(attachment)) {
            violated("ATTACHED_UNAPPROVED: " + attachment);
        }
    }

    private void beforeWrite(String path) {
        Matcher key = KEY.matcher(path);
        if (key.matches() && !askedOfKms.contains(key.group(1)) && !keyNames().containsValue(key.group(1))) {
            violated("GRANTED_UNASKED: " + key.group(1));
        }
    }

    /** After a call had its effect, whether or not anybody hears of it. */
    void after(Call call, Reply reply, String task) {
        String path = call.path();
        if (reply.status() != 200) {
            return;
        }
        if (path.endsWith("/validate")) {
            String id = path.substring(REGISTRATIONS.length() + 1, path.lastIndexOf('/'));
            if (json(reply.text()).path("status").asText().equals("success")) {
                validated.put(id, clock.instant());
            }
        } else if (call.method().equals("POST") && path.startsWith(WORKSPACES)) {
            if (!attaches.add(path)) {
                violated("ATTACHED_TWICE: " + path);
            }
        } else if (call.method().equals("POST") && path.equals(REGISTRATIONS)) {
            registrations.add(json(reply.text()).path("id").asText());
        } else if (path.equals(REGISTRATIONS)) {
            listed(call, json(reply.text()), task);
        }
    }

    /** While others register and delete, a list by place may hide an item: a key that it hides may be registered again. */
    private void listed(Call call, JsonNode page, String task) {
        if (call.parameter("page").isEmpty()) {
            listings.put(task, new Listing(keyNames(), new HashSet<>()));
        }
        Listing listing = listings.get(task);
        if (listing == null) {
            return;
        }
        page.path("data").forEach(item -> listing.seen().add(item.path("id").asText()));
        if (page.path("next_page").asText("").isEmpty()) {
            Map<String, String> now = keyNames();
            listing.before().forEach((id, key) -> {
                if (!listing.seen().contains(id) && now.containsKey(id)) {
                    hidden.merge(key, 1, Integer::sum);
                }
            });
        }
    }

    /** Something was written by a delivery that began at some tick, of a message that goes back to some message. */
    void wrote(String what, String root, long begun) {
        writes++;
        Entered message = entered.get(root);
        if (message != null && message.endedAt != null && message.endedAt < begun) {
            if (!(message.replayed && message.end() == Status.FAILED)) {
                violated("WRITTEN_AFTER_END: of " + root + " " + what);
            }
        }
    }

    // --- at rest -------------------------------------------------------------------------------------------------

    /** The ends that were reached, each with its step. */
    List<String> ends() {
        return entered.values().stream()
                .flatMap(message -> message.ends.keySet().stream())
                .map(id -> id.split("\\.", 3)[2])
                .toList();
    }

    /** How a message ended; empty while it has not. */
    String endOf(String root) {
        Entered message = entered.get(root);
        return message == null || message.ends.isEmpty() ? "" : message.end().name();
    }

    void judge() {
        entered.forEach(this::judge);
        scans.values().forEach(scan -> {
            if (scan.reports().size() > 1) {
                violated("SEVERAL_ENDS: " + scan);
            } else if (scan.reports().isEmpty() && scan.failures().isEmpty()) {
                violated("NO_SCAN_END: " + scan);
            }
        });
        judgeApprovals();
        Map<String, String> now = keyNames();
        registrations.stream().filter(id -> !now.containsKey(id)).forEach(id -> violated("REGISTRATION_GONE: " + id));
        kms.keys().forEach(this::judgeKey);
    }

    private void judge(String root, Entered message) {
        if (message.ends.isEmpty()) {
            violated("NO_END: " + message.kind + " " + root);
        } else if (!message.isEndedOnce()) {
            violated("SEVERAL_ENDS: " + message.kind + " " + root + " " + message.ends);
        } else if (message.ends.size() == message.endsBeforeReplay) {
            violated("REPLAY_IGNORED: " + message.kind + " " + root + " " + message.ends);
        } else if (message.kind == Kind.LATE_APPROVAL || message.kind == Kind.MISPLACED_APPROVAL) {
            if (message.end() != Status.REFUSED && message.end() != Status.FAILED) {
                violated("APPROVAL_TAKEN: " + message.kind + " " + root + " " + message.ends);
            }
        }
    }

    /** What two people approve is approved by one of them. */
    private void judgeApprovals() {
        Map<String, Integer> times = new TreeMap<>();
        entered.values().stream()
                .filter(message -> message.kind == Kind.APPROVAL)
                .filter(message -> !message.ends.isEmpty() && message.end() == Status.ATTACHED)
                .forEach(message -> times.merge(message.digest, 1, Integer::sum));
        times.forEach((digest, count) -> {
            if (count > 1) {
                violated("APPROVED_TWICE: " + digest);
            }
        });
    }

    private void judgeKey(String key) {
        long count = keyNames().values().stream().filter(key::equals).count();
        int atMost = Math.max(1, registeredByOthers.getOrDefault(key, 0)) + hidden.getOrDefault(key, 0);
        if (count > atMost) {
            violated("REGISTERED_TWICE: " + key + " " + count + " times");
        }
        Set<String> grants = new TreeSet<>();
        kms.policy(key)
                .path("bindings")
                .forEach(binding -> binding.path("members").forEach(member -> {
                    if (!member.asText().equals(ANTHROPIC)) {
                        grants.add(grant(binding, member.asText()));
                    }
                }));
        if (!grants.equals(othersGrants.getOrDefault(key, Set.of()))) {
            violated("OTHERS_GRANTS: " + grants + " instead of " + othersGrants.get(key));
        }
        if (!kms.labels(key)
                .entrySet()
                .containsAll(othersLabels.getOrDefault(key, Map.of()).entrySet())) {
            violated("OTHERS_LABELS: " + kms.labels(key));
        }
    }

    /** Forgets how often something was written. */
    int takeWrites() {
        int before = writes;
        writes = 0;
        return before;
    }

    /** The keys of all registrations, by their ids. */
    private Map<String, String> keyNames() {
        Map<String, String> names = new LinkedHashMap<>();
        admin.externalKeys()
                .forEach(registration -> names.put(
                        registration.path("id").asText(),
                        registration.path("provider_config").path("key_name").asText()));
        return names;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
