package cmek.sandbox;

import cmek.simulator.PubSubRest;
import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was asked for and what was heard of it, and what must hold of both and of the simulated APIs at the end. */
final class ChaosLedger {

    private static final String ANTHROPIC =
            "serviceAccount:anthropic-cmek-client-us@gcp-anthropic-cmek-clients.iam.gserviceaccount.com";
    private static final String FAILED = "FAILED";

    private final SimulatedApis apis;
    private final Map<String, Entered> entered = new TreeMap<>();
    /** All that ended anything, by their ids, in the order they were heard. */
    private final Map<String, String> ended = new LinkedHashMap<>();

    private final Map<String, String> keyOfWorkspace = new TreeMap<>();
    private final Map<String, String> approvedWorkspaces = new TreeMap<>();
    private final Set<String> keys = new TreeSet<>();
    private final Map<String, String> replays = new TreeMap<>();
    private int requests;
    private int approvals;
    private int misplaced;

    ChaosLedger(SimulatedApis apis) {
        this.apis = apis;
    }

    /** A message from outside, and the ids of its terminal results with their statuses, in the order they were heard. */
    private static final class Entered {

        final String what;
        final Map<String, String> ends = new LinkedHashMap<>();
        boolean replayed;

        Entered(String what) {
            this.what = what;
        }

        String kind() {
            return what.startsWith("misplaced") ? "misplaced approval" : what.substring(0, what.indexOf(' '));
        }

        @Nullable
        String end() {
            String last = null;
            for (String status : ends.values()) {
                last = status;
            }
            return last;
        }

        /** FAILED alone may be followed by another end: by what turned out to be true, or after a replay. */
        boolean isEndedOnce() {
            List<String> all = List.copyOf(ends.values());
            boolean failedBefore = all.subList(0, all.size() - 1).stream().allMatch(FAILED::equals);
            boolean foundOut = all.size() == 2 && !FAILED.equals(end());
            return all.size() == 1 || (failedBefore && (replayed || foundOut));
        }
    }

    synchronized int requests() {
        return requests;
    }

    synchronized void asked(String request, String key, Optional<String> workspace, String messageId) {
        requests++;
        entered.put(messageId, new Entered("request " + request));
        keys.add(key);
        workspace.ifPresent(id -> keyOfWorkspace.put(id, key));
    }

    /** An approval, or the same where no approvals are taken. */
    synchronized void approved(JsonNode result, boolean isApproval, String messageId) {
        String workspace = result.path("workspaceId").asText();
        entered.put(messageId, new Entered((isApproval ? "approval of " : "misplaced approval of ") + workspace));
        if (isApproval) {
            approvals++;
            approvedWorkspaces.put(workspace, messageId);
        } else {
            misplaced++;
        }
    }

    /**
     * A dead letter was published once more.
     *
     * @param id of the message that was made of it
     */
    synchronized void replayed(PubSubRest.Received letter, String id) {
        replays.put(id, letter.messageId());
    }

    /**
     * A result was published.
     *
     * @return whether it ends something that had not ended so before
     */
    synchronized boolean heard(Results.Published result) {
        if (!result.isGoodEnd() && !result.isBadEnd()) {
            return false;
        }
        return ended.put(result.id(), result.status()) == null;
    }

    /** Whether everything that entered has ended somehow. */
    synchronized boolean allEnded(Messaging messaging) {
        settle(messaging);
        return entered.values().stream().noneMatch(message -> message.ends.isEmpty());
    }

    /**
     * Finds out what ended what: a dead letter and a replay bear ids of their own, and what they have in common with the
     * message that they were is its data and the time of its publication.
     */
    private void settle(Messaging messaging) {
        Map<String, String> originals = new TreeMap<>();
        for (String topic : List.of(Topology.requests(), Topology.APPROVALS)) {
            messaging
                    .messages(topic)
                    .forEach(message -> originals.put(
                            topic + " " + message.publishTime() + " " + message.text(), message.messageId()));
        }
        Map<String, String> origin = new TreeMap<>();
        messaging.messages("cmek-dead-letter").forEach(letter -> {
            Map<String, String> attributes = letter.attributes();
            String original = originals.get(attributes.get("CloudPubSubDeadLetterSourceSubscription") + " "
                    + attributes.get("CloudPubSubDeadLetterSourceTopicPublishTime") + " " + letter.text());
            if (original != null) {
                origin.put(letter.messageId(), original);
            }
        });
        origin.putAll(replays);
        entered.values().forEach(message -> message.ends.clear());
        ended.forEach((id, status) -> {
            Entered message = entered.get(root(id.split("\\.", -1)[1], origin));
            if (message != null) {
                message.ends.put(id, status);
            }
        });
        replays.keySet().forEach(id -> {
            Entered message = entered.get(root(id, origin));
            if (message != null) {
                message.replayed = true;
            }
        });
    }

    private static String root(String id, Map<String, String> origin) {
        String root = id;
        while (origin.containsKey(root)) {
            root = origin.getOrDefault(root, root);
        }
        return root;
    }

    // --- what must hold ------------------------------------------------------------------------------------------

    synchronized List<String> broken(Messaging messaging) {
        settle(messaging);
        List<String> broken = new ArrayList<>();
        entered.forEach((id, message) -> {
            if (message.ends.isEmpty() || !message.isEndedOnce()) {
                broken.add(message.what + ", message " + id + ", ended in " + message.ends);
            }
            if (message.what.startsWith("misplaced") && "ATTACHED".equals(message.end())) {
                broken.add(message.what + " was taken");
            }
        });
        brokenRegistrations(broken);
        brokenAttachments(broken);
        brokenGrants(broken);
        return broken;
    }

    private void brokenRegistrations(List<String> broken) {
        Map<String, Long> registered = counted(apis.admin().externalKeys().stream()
                .map(registration ->
                        registration.path("provider_config").path("key_name").asText())
                .toList());
        registered.forEach((key, times) -> {
            if (times > 1 || !keys.contains(key)) {
                broken.add(key + " has " + times + " registrations");
            }
        });
        long made = adminWrites("POST /v1/organizations/external_keys");
        if (made != apis.admin().externalKeys().size()) {
            broken.add("of " + made + " registrations "
                    + apis.admin().externalKeys().size() + " are there");
        }
    }

    private void brokenAttachments(List<String> broken) {
        Map<String, String> keyOf = new TreeMap<>();
        apis.admin()
                .externalKeys()
                .forEach(registration -> keyOf.put(
                        registration.path("id").asText(),
                        registration.path("provider_config").path("key_name").asText()));
        apis.admin().workspaces().forEach(workspace -> {
            String id = workspace.path("id").asText();
            String key = workspace.path("external_key_id").asText("");
            if (workspace.path("external_key_id").isTextual()) {
                if (!keyOf.getOrDefault(key, "").equals(keyOfWorkspace.get(id))) {
                    broken.add(id + " has " + keyOf.get(key) + " and should have " + keyOfWorkspace.get(id));
                }
                if (!approvedWorkspaces.containsKey(id)) {
                    broken.add(id + " has a key, and nobody approved");
                }
                if (!id.startsWith("wrkspc_01")) {
                    broken.add(id + " has a key, and is not allowed to");
                }
            }
        });
        entered.forEach((message, what) -> {
            String workspace = what.what.substring(what.what.lastIndexOf(' ') + 1);
            if (what.what.startsWith("approval") && "ATTACHED".equals(what.end()) && !isAttached(workspace)) {
                broken.add(what.what + ", message " + message + ", ended as ATTACHED, and it is not");
            }
        });
        counted(apis.journal().writesTo("admin").stream()
                        .map(write -> write.operation())
                        .filter(write -> write.contains("/workspaces/"))
                        .toList())
                .forEach((write, times) -> {
                    if (times > 1) {
                        broken.add(write + " was done " + times + " times");
                    }
                });
    }

    private boolean isAttached(String workspace) {
        return apis.admin().attachedKey(workspace).isPresent();
    }

    private void brokenGrants(List<String> broken) {
        for (String key : apis.kms().keys()) {
            List<String> members = new ArrayList<>();
            apis.kms()
                    .policy(key)
                    .path("bindings")
                    .forEach(binding -> binding.path("members").forEach(member -> members.add(member.asText())));
            if (!members.isEmpty() && !keys.contains(key)) {
                broken.add(key + " was granted, and nobody asked for it");
            }
            if (members.size() > 2 || !members.stream().allMatch(ANTHROPIC::equals)) {
                broken.add(key + " is granted to " + members);
            }
        }
    }

    private long adminWrites(String operation) {
        return apis.journal().writesTo("admin").stream()
                .filter(write -> write.operation().equals(operation))
                .count();
    }

    synchronized Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("requests", requests);
        figures.put("approvals", approvals);
        figures.put("misplaced approvals", misplaced);
        figures.put("replayed dead letters", replays.size());
        counted(entered.values().stream()
                        .map(message -> message.kind() + "s that ended " + message.end())
                        .toList())
                .forEach((what, times) -> figures.put("  " + what, times));
        figures.put("registrations", apis.admin().externalKeys().size());
        figures.put(
                "workspaces with a key",
                apis.admin().workspaces().stream()
                        .filter(workspace -> workspace.path("external_key_id").isTextual())
                        .count());
        return figures;
    }

    private static Map<String, Long> counted(List<String> of) {
        return of.stream().collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }
}
