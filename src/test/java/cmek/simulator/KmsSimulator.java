package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Cloud KMS over REST, true enough that {@code gcloud kms} works against it. A call may say who makes it by the header
 * {@code x-simulated-principal}, an IAM member; without it the deployment's own service account calls.
 *
 * <p>Routes calls, notes them, and lets a test act on the APIs as somebody else would. One lock serves all threads.
 */
public final class KmsSimulator implements Simulator {

    private final Journal journal;
    private final KmsState state;
    private final KmsAccess access;
    private final KmsAdministration administration;
    private final KmsCryptography cryptography;
    private final IamPolicySimulator policies = new IamPolicySimulator();
    private final GoogleFrontEnd frontEnd;

    /**
     * An empty Cloud KMS.
     *
     * @param clock the only time it knows
     */
    public KmsSimulator(Journal journal, InstantSource clock) {
        this.journal = journal;
        this.state = new KmsState(clock);
        this.access = new KmsAccess(state);
        this.administration = new KmsAdministration(state);
        this.cryptography = new KmsCryptography(state);
        this.frontEnd = new GoogleFrontEnd(ApiStructure.CLOUD_KMS, journal, "kms", this::served);
    }

    @Override
    public synchronized Reply answer(Call call) {
        return frontEnd.answer(call);
    }

    private Reply served(Call http) {
        KmsCall call = KmsCall.of(http);
        Optional<KmsMethod> found = KmsMethod.of(call.method(), call.resource(), call.verb());
        Reply reply;
        try {
            ObjectNode answer = answer(
                    found.orElseThrow(() -> GoogleFailure.unimplemented(http.method() + " " + http.path())), call);
            if (call.wantsNumbers()) {
                KmsEnum.toNumbers(answer);
            }
            reply = GoogleReply.ok(answer);
        } catch (GoogleFailure e) {
            reply = e.reply();
        }
        // The journal is the deployment's own: what others ask of their Cloud KMS is not in it.
        if (call.principal().isEmpty()) {
            journal.add(new Journal.Entry(
                    "kms",
                    found.map(method -> method.title() + " " + subject(method, call))
                            .orElseGet(() -> http.method() + " " + http.path()),
                    found.map(KmsMethod::isWrite).orElse(!http.method().equals("GET")),
                    reply.status()));
        }
        return reply;
    }

    private ObjectNode answer(KmsMethod method, KmsCall call) {
        access.check(method, call);
        return switch (method) {
            case LIST_LOCATIONS -> administration.listLocations(call);
            case GET_LOCATION -> administration.getLocation(call);
            case LIST_RETIRED_RESOURCES -> administration.listRetiredResources(call);
            case DELETE_CRYPTO_KEY -> administration.deleteCryptoKey(call);
            case DELETE_VERSION -> administration.deleteVersion(call);
            case LIST_KEY_RINGS -> administration.listKeyRings(call);
            case GET_KEY_RING -> administration.getKeyRing(call);
            case CREATE_KEY_RING -> administration.createKeyRing(call);
            case LIST_CRYPTO_KEYS -> administration.listCryptoKeys(call, key -> access.view(call, key));
            case GET_CRYPTO_KEY -> access.view(call, state.key(call.resource()));
            case CREATE_CRYPTO_KEY -> administration.createCryptoKey(call);
            case UPDATE_CRYPTO_KEY -> administration.updateCryptoKey(call);
            case UPDATE_PRIMARY_VERSION -> administration.updatePrimaryVersion(call);
            case GET_IAM_POLICY ->
                IamPolicySimulator.read(
                        state.key(call.resource()).policy(), call.parameter("options.requestedPolicyVersion"));
            case SET_IAM_POLICY -> setIamPolicy(call);
            case GET_KEY_RING_IAM_POLICY ->
                IamPolicySimulator.read(
                        state.keyRingPolicy(call.resource()), call.parameter("options.requestedPolicyVersion"));
            case SET_KEY_RING_IAM_POLICY -> setKeyRingIamPolicy(call);
            case TEST_KEY_RING_PERMISSIONS, TEST_IAM_PERMISSIONS -> access.testIamPermissions(call);
            case ENCRYPT, ENCRYPT_BY_VERSION -> cryptography.encrypt(call);
            case DECRYPT -> cryptography.decrypt(call);
            case LIST_VERSIONS -> administration.listVersions(call);
            case GET_VERSION -> administration.getVersion(call);
            case CREATE_VERSION -> administration.createVersion(call);
            case UPDATE_VERSION -> administration.updateVersion(call);
            case DESTROY_VERSION -> administration.destroyVersion(call);
            case RESTORE_VERSION -> administration.restoreVersion(call);
        };
    }

    private ObjectNode setIamPolicy(KmsCall call) {
        KmsKey key = state.key(call.resource());
        key.changePolicy(policies.written(key.policy(), call.body(), call.id("projects")), state.now());
        return key.policy().deepCopy();
    }

    private ObjectNode setKeyRingIamPolicy(KmsCall call) {
        String ring = call.resource();
        state.changeKeyRingPolicy(ring, policies.written(state.keyRingPolicy(ring), call.body(), call.id("projects")));
        return state.keyRingPolicy(ring).deepCopy();
    }

    /** What a call is about; a create is about what it makes. */
    private static String subject(KmsMethod method, KmsCall call) {
        return switch (method) {
            case CREATE_KEY_RING -> call.resource() + "/" + call.parameter("keyRingId");
            case CREATE_CRYPTO_KEY -> call.resource() + "/" + call.parameter("cryptoKeyId");
            case CREATE_VERSION, LIST_VERSIONS -> call.key();
            case LIST_LOCATIONS, LIST_KEY_RINGS, LIST_CRYPTO_KEYS, LIST_RETIRED_RESOURCES ->
                call.resource().substring(0, call.resource().lastIndexOf('/'));
            default -> call.resource();
        };
    }

    // --- how the APIs is ----------------------------------------------------------------------------------------

    /** Lets changes of policy and labels reach others than the deployment's own account only after a while. */
    public synchronized KmsSimulator propagation(Duration delay) {
        access.propagation(delay);
        return this;
    }

    public synchronized KmsSimulator disableApi(String project) {
        access.api(project, false);
        return this;
    }

    public synchronized KmsSimulator enableApi(String project) {
        access.api(project, true);
        return this;
    }

    /** Asks another APIs, in which the API is switched on and off by project. */
    synchronized KmsSimulator disabledWhere(Predicate<String> elsewhere) {
        access.disabledWhere(elsewhere);
        return this;
    }

    /** Asks another API which projects there are. */
    synchronized KmsSimulator thereWhere(Predicate<String> elsewhere) {
        access.thereWhere(elsewhere);
        return this;
    }

    /** Asks another API which custom roles there are. */
    synchronized KmsSimulator withCustomRoles(Predicate<String> there) {
        policies.withCustomRoles(there);
        return this;
    }

    /** Counts the calls about a project to another one, in which the API is not enabled. */
    public synchronized KmsSimulator disableApiOf(String project, String consumer) {
        access.disabledInConsumer(project, consumer);
        return this;
    }

    /** Asks another API which projects are shut down: nothing in them answers any more. */
    synchronized KmsSimulator shutDownWhere(Predicate<String> elsewhere) {
        access.shutDownWhere(elsewhere);
        return this;
    }

    /**
     * Asks another APIs who may be granted anything.
     *
     * @param constraint of a project that keeps a member out, which does not belong to {@code acme}
     */
    synchronized KmsSimulator restrictedBy(BiFunction<String, String, Optional<String>> constraint) {
        policies.restrictedBy(constraint);
        return this;
    }

    /** Asks another API who is denied what, whatever a key's policy grants. */
    synchronized KmsSimulator deniedBy(KmsAccess.Denial denial) {
        access.deniedBy(denial);
        return this;
    }

    public synchronized KmsSimulator disableBilling(String project) {
        access.billing(project, false);
        return this;
    }

    public synchronized KmsSimulator enableBilling(String project) {
        access.billing(project, true);
        return this;
    }

    /** Takes a permission from the deployment's own service account. */
    public synchronized KmsSimulator deny(String permission) {
        access.permission(permission, false);
        return this;
    }

    public synchronized KmsSimulator permit(String permission) {
        access.permission(permission, true);
        return this;
    }

    /**
     * Lets an organization policy keep members out that do not belong to {@code acme}.
     *
     * @param constraint as the error's details name it; empty lets it come without any
     */
    public synchronized KmsSimulator restrictDomains(String constraint) {
        policies.restrict(constraint);
        return this;
    }

    /** Lets such a policy take what names others and keep none of them. */
    public synchronized KmsSimulator stripOutsiders() {
        policies.stripOutsiders();
        return this;
    }

    public synchronized KmsSimulator unrestrict() {
        policies.unrestrict();
        return this;
    }

    /** Draws a VPC Service Controls perimeter that leaves every caller outside. */
    public synchronized KmsSimulator perimeter(boolean on) {
        access.perimeter(on);
        return this;
    }

    public synchronized KmsSimulator withoutHsm(String location) {
        state.withoutHsm(location);
        return this;
    }

    // --- what somebody else does; not in the journal ---------------------------------------------------------------

    public synchronized List<String> keys() {
        return state.keyNames();
    }

    /** Somebody creates a key ring, where there is none of the name yet. */
    public synchronized KmsSimulator createKeyRing(String ring) {
        if (!state.has(ring)) {
            state.addKeyRing(ring);
        }
        return this;
    }

    /**
     * Somebody creates a key, and its ring where there is none yet; an import-only key without an initial version.
     *
     * @param body as of a call
     */
    public synchronized KmsSimulator createKey(String key, JsonNode body) {
        int collection = key.lastIndexOf('/');
        createKeyRing(key.substring(0, key.indexOf("/cryptoKeys/")));
        String target = "http://kms/v1/" + key.substring(0, collection) + "?cryptoKeyId="
                + key.substring(collection + 1) + "&skipInitialVersionCreation="
                + body.path("importOnly").asBoolean(false);
        administration.createCryptoKey(KmsCall.of(
                Call.of("POST", URI.create(target), Map.of(), body.toString().getBytes(UTF_8))));
        return this;
    }

    public synchronized Map<String, String> labels(String key) {
        return Map.copyOf(existing(key).labels());
    }

    public synchronized KmsSimulator setLabels(String key, Map<String, String> labels) {
        existing(key).changeLabels(new TreeMap<>(labels), state.now());
        return this;
    }

    public synchronized JsonNode policy(String key) {
        return existing(key).policy().deepCopy();
    }

    /** Replaces a policy, whatever its etag; it gets a new one. */
    public synchronized KmsSimulator setPolicy(String key, JsonNode policy) {
        existing(key).changePolicy(policies.replaced(policy), state.now());
        return this;
    }

    /** Somebody binds members to a role on a key or on a key ring, beside whoever is bound. */
    public synchronized KmsSimulator bind(String resource, String role, String... members) {
        boolean key = resource.contains("/cryptoKeys/");
        ObjectNode policy = (ObjectNode) (key ? policy(resource) : keyRingPolicy(resource));
        ArrayNode bound =
                policy.withArray("bindings").addObject().put("role", role).putArray("members");
        List.of(members).forEach(bound::add);
        return key ? setPolicy(resource, policy) : setKeyRingPolicy(resource, policy);
    }

    /** What every key in a ring inherits. */
    public synchronized JsonNode keyRingPolicy(String ring) {
        return state.keyRingPolicy(ring).deepCopy();
    }

    /** Replaces a ring's policy, whatever its etag. */
    public synchronized KmsSimulator setKeyRingPolicy(String ring, JsonNode policy) {
        state.changeKeyRingPolicy(ring, policies.replaced(policy));
        return this;
    }

    /** Asks another APIs which policies the keys of a project inherit from it and from above. */
    synchronized KmsSimulator inheriting(Function<String, List<ObjectNode>> fromProject) {
        access.inheriting(fromProject);
        return this;
    }

    public synchronized KmsSimulator setVersionState(String key, long number, String versionState) {
        if (!KmsEnum.isWord("state", versionState)) {
            throw new IllegalArgumentException("no state of a version: " + versionState);
        }
        KmsKey found = existing(key);
        found.version(Math.toIntExact(number))
                .orElseThrow(() -> new IllegalArgumentException("no version " + number + " of " + key))
                .moveTo(versionState, state.now(), found.traits().destroyScheduledDuration());
        return this;
    }

    /**
     * Adds an enabled version.
     *
     * @return its number
     */
    public synchronized long addVersion(String key, boolean primary) {
        KmsKey found = existing(key);
        KmsVersion version = found.addVersion(state.now());
        if (primary) {
            found.makePrimary(version);
        }
        return version.number();
    }

    /** Adds an enabled version whose key material was imported, the first of them as no primary version. */
    public synchronized long importVersion(String key) {
        KmsVersion version = existing(key).addVersion(state.now());
        version.importedAt(state.now());
        return version.number();
    }

    /** Somebody tries to import the material of a destroyed version again, and it fails. */
    public synchronized KmsSimulator failReimport(String key, long number) {
        version(key, number).failReimport();
        return this;
    }

    /** Destroys a version, and deletes what is left of it: its number is never used again. */
    public synchronized KmsSimulator deleteVersion(String key, long number) {
        existing(key).deleteVersion(version(key, number));
        return this;
    }

    /** Destroys a key with all its versions and deletes it: its name is never used again. */
    public synchronized KmsSimulator deleteKey(String key) {
        state.deleteKey(existing(key).name());
        return this;
    }

    /** As after a create without an initial version, or of a key whose versions are imported. */
    public synchronized KmsSimulator withoutPrimary(String key) {
        existing(key).withoutPrimary();
        return this;
    }

    /** The rotation of a key that was due at a time did not happen, and never will. */
    public synchronized KmsSimulator missRotation(String key, Duration period, Instant due) {
        existing(key).missRotation(period, due);
        return this;
    }

    /** Sets a Key Access Justifications policy; without a reason in it every use is denied. */
    public synchronized KmsSimulator allowAccessReasons(String key, String... reasons) {
        existing(key).allowAccessReasons(List.of(reasons));
        return this;
    }

    private KmsVersion version(String key, long number) {
        return existing(key)
                .version(Math.toIntExact(number))
                .orElseThrow(() -> new IllegalArgumentException("no version " + number + " of " + key));
    }

    /** A key as it is, with its versions and its policy: a copy, to compare before and after. */
    public synchronized JsonNode describe(String key) {
        KmsKey found = existing(key);
        ObjectNode json = found.toJson();
        ArrayNode versions = json.putArray("versions");
        found.versions().forEach(version -> versions.add(version.toJson()));
        json.set("policy", found.policy().deepCopy());
        return json;
    }

    private KmsKey existing(String key) {
        return state.find(key).orElseThrow(() -> new IllegalArgumentException("no key " + key));
    }
}
