package cmek.fake;

import cmek.client.http.Retry;
import cmek.client.kms.KeyManagement;
import cmek.client.kms.KeyManagements;
import cmek.config.CmekConfig;
import cmek.config.Configs;
import cmek.model.CryptoKeyName;
import cmek.model.KeyRingName;
import cmek.simulator.Call;
import cmek.simulator.Fault;
import cmek.simulator.Faults;
import cmek.simulator.Journal;
import cmek.simulator.KmsSimulator;
import cmek.simulator.Reply;
import cmek.simulator.Simulator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The real client of Cloud KMS over the simulator, without a socket in between. What the owners of keys do is arranged
 * here in a few words, all else in those of the simulator ({@link #google}).
 */
public final class KmsInProcess {

    /** Calls that change something. */
    public static final Predicate<Call> WRITES =
            call -> !call.method().equals("GET") && !call.path().endsWith(":testIamPermissions");

    private static final ObjectMapper JSON = new ObjectMapper();
    static final Retry AT_ONCE = new Retry(wait -> {}, () -> 0);
    static final CmekConfig CONFIG = Configs.of(Map.of(
            "cmek.anthropic.organization-id", Sample.ORGANIZATION.value(),
            "cmek.google.iam-url", "http://google.invalid",
            "cmek.google.kms-url", "http://google.invalid",
            "cmek.google.org-policy-url", "http://google.invalid",
            "cmek.google.project", "acme-cmek",
            "cmek.google.resource-manager-url", "http://google.invalid",
            "cmek.google.service-usage-url", "http://google.invalid"));

    private final Journal journal = new Journal();
    private final KmsSimulator google;
    private final KeyManagement client = KeyManagements.over(call -> wire().answer(call), AT_ONCE, CONFIG);
    private volatile Simulator wire;

    public KmsInProcess() {
        this(Sample.CLOCK);
    }

    public KmsInProcess(InstantSource clock) {
        google = new KmsSimulator(journal, clock);
        wire = google;
    }

    /** What the code under test is given. */
    public KeyManagement client() {
        return client;
    }

    /** What somebody else does, and how Google's side is. */
    public KmsSimulator google() {
        return google;
    }

    public KmsInProcess withRing(KeyRingName ring) {
        google.createKeyRing(ring.toString());
        return this;
    }

    /** A key with one enabled version, of the kind that Anthropic can use. */
    public KmsInProcess withKey(CryptoKeyName key, Map<String, String> labels) {
        return withKey(key, labels, "{}");
    }

    /**
     * Another key.
     *
     * @param json what of a create differs
     */
    public KmsInProcess withKey(CryptoKeyName key, Map<String, String> labels, String json) {
        ObjectNode body = json("""
                {"purpose":"ENCRYPT_DECRYPT",
                 "versionTemplate":{"protectionLevel":"HSM","algorithm":"GOOGLE_SYMMETRIC_ENCRYPTION"}}""");
        body.set("labels", JSON.valueToTree(labels));
        body.setAll(json(json));
        google.createKey(key.toString(), body);
        return this;
    }

    /** The name of a key that was deleted just now, with all its versions. */
    public KmsInProcess withDeletedKey(CryptoKeyName key) {
        withKey(key, Map.of()).google.deleteKey(key.toString());
        return this;
    }

    public KmsInProcess withLabels(CryptoKeyName key, Map<String, String> labels) {
        google.setLabels(key.toString(), labels);
        return this;
    }

    public KmsInProcess withPolicy(CryptoKeyName key, String json) {
        google.setPolicy(key.toString(), json(json));
        return this;
    }

    /** What the keys of a ring inherit. */
    public KmsInProcess withRingPolicy(KeyRingName ring, String json) {
        withRing(ring).google.setKeyRingPolicy(ring.toString(), json(json));
        return this;
    }

    public KmsInProcess withVersion(CryptoKeyName key, long number, String state) {
        google.setVersionState(key.toString(), number, state);
        return this;
    }

    /** From now on this stands between the client and Cloud KMS. */
    public KmsInProcess with(Fault fault) {
        wire = fault.around().apply(wire);
        return this;
    }

    /** Such calls do not reach Cloud KMS, and are answered with this. */
    public KmsInProcess refusing(Predicate<Call> calls, Reply reply) {
        return with(Faults.every(1, calls, Faults.reply(reply)));
    }

    /** Nothing goes wrong any more. */
    public KmsInProcess withoutFaults() {
        wire = google;
        return this;
    }

    /** Somebody else acts in the very moment before each of the next writes of ours. */
    public KmsInProcess beforeWrites(int times, Runnable interference) {
        return with(Faults.next(times, WRITES, (call, apis) -> {
            interference.run();
            return apis.answer(call);
        }));
    }

    /** So many writes of a policy find that somebody else was faster. */
    public KmsInProcess withConflicts(CryptoKeyName key, int times) {
        return beforeWrites(times, () -> google.setPolicy(key.toString(), google.policy(key.toString())));
    }

    /** What was changed through the client, in order. */
    public List<String> writes() {
        return journal.writesTo("kms").stream().map(Journal.Entry::operation).toList();
    }

    /** Every call that Cloud KMS answered, in order. */
    public List<String> calls() {
        return journal.entries().stream().map(Journal.Entry::operation).toList();
    }

    private Simulator wire() {
        return wire;
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
