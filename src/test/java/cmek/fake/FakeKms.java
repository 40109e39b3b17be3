package cmek.fake;

import cmek.client.kms.CryptoKeyInfo;
import cmek.client.kms.CryptoKeySpec;
import cmek.client.kms.KeyManagement;
import cmek.client.kms.KeyPolicy;
import cmek.client.kms.KeyVersionInfo;
import cmek.client.kms.Policies;
import cmek.client.kms.RetiredName;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.ProjectFindings;
import cmek.model.CryptoKeyName;
import cmek.model.KeyRingName;
import cmek.model.RoleBinding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Cloud KMS in memory; every write is noted. */
public final class FakeKms implements KeyManagement {

    public static final String EMPTY_POLICY = "{\"etag\":\"BwE=\"}";

    private final Map<String, Boolean> locations = new HashMap<>();
    private final Set<KeyRingName> rings = new HashSet<>();
    private final Map<CryptoKeyName, CryptoKeyInfo> keys = new HashMap<>();
    private final Map<CryptoKeyName, List<KeyVersionInfo>> versions = new HashMap<>();
    private final Map<CryptoKeyName, KeyPolicy> policies = new HashMap<>();
    private final Map<CryptoKeyName, Instant> retired = new HashMap<>();
    private final Map<KeyRingName, String> ringPolicies = new HashMap<>();
    private final List<String> writes = new ArrayList<>();
    private final List<Set<String>> questions = new ArrayList<>();
    private final List<CryptoKeySpec> wishes = new ArrayList<>();

    private final Map<String, Finding> refusals = new HashMap<>();
    private final Set<String> held = new HashSet<>();

    private Runnable beforeWrite = () -> {};
    private boolean stripping;
    private boolean lagging;
    private int conflicts;

    public FakeKms() {
        locations.put("us-east5", true);
        locations.put("us-west2", true);
        locations.put("us-south1", false);
    }

    // --- what is there -------------------------------------------------------------------------------------------

    public FakeKms withRing(KeyRingName ring) {
        rings.add(ring);
        return this;
    }

    /** A key with one enabled version, as this product would have made it, changed as told. */
    public FakeKms withKey(CryptoKeyName name, Map<String, String> labels, UnaryOperator<CryptoKeyInfo> changed) {
        rings.add(name.ring());
        KeyVersionInfo primary =
                new KeyVersionInfo(1, "ENABLED", "HSM", "GOOGLE_SYMMETRIC_ENCRYPTION", Optional.empty());
        CryptoKeyInfo key = new CryptoKeyInfo(
                name,
                "ENCRYPT_DECRYPT",
                "GOOGLE_SYMMETRIC_ENCRYPTION",
                "HSM",
                labels,
                Optional.of(primary),
                Optional.empty(),
                Optional.empty());
        keys.put(name, changed.apply(key));
        versions.put(name, keys.get(name).primary().map(List::of).orElse(List.of()));
        policies.putIfAbsent(name, Policies.parse(EMPTY_POLICY));
        return this;
    }

    /** The key is deleted, and its name retired. */
    public FakeKms withoutKey(CryptoKeyName name, Instant deletedAt) {
        rings.add(name.ring());
        keys.remove(name);
        versions.remove(name);
        policies.remove(name);
        retired.put(name, deletedAt);
        return this;
    }

    public FakeKms withVersions(CryptoKeyName name, List<KeyVersionInfo> all) {
        versions.put(name, all);
        return this;
    }

    public FakeKms withPolicy(CryptoKeyName name, String json) {
        policies.put(name, Policies.parse(json));
        return this;
    }

    /** What the keys of a ring inherit. */
    public FakeKms withRingPolicy(KeyRingName ring, String json) {
        rings.add(ring);
        ringPolicies.put(ring, json);
        return this;
    }

    /** Somebody else acts in the very moment before a write of ours. */
    public FakeKms beforeWrite(Runnable interference) {
        beforeWrite = interference;
        return this;
    }

    /** That many writes of a policy find that somebody else was faster. */
    public FakeKms withConflicts(int many) {
        conflicts = many;
        return this;
    }

    /** Every call of this operation is refused. */
    public FakeKms refusing(String operation, Finding finding) {
        refusals.put(operation, finding);
        return this;
    }

    /** No call is refused any more. */
    public FakeKms refusingNothing() {
        refusals.clear();
        return this;
    }

    /** Domain restricted sharing takes every grant and keeps none. */
    public FakeKms strippingGrants() {
        stripping = true;
        return this;
    }

    /** What is read of a policy is what was there before the last write. */
    public FakeKms withLaggingReads() {
        lagging = true;
        return this;
    }

    /** The caller holds these on the key and its ring themselves. */
    public FakeKms withHeldPermissions(String... permissions) {
        held.addAll(List.of(permissions));
        return this;
    }

    /** What was asked for on rings and keys, in order. */
    public List<Set<String>> asked() {
        return List.copyOf(questions);
    }

    public List<String> writes() {
        return List.copyOf(writes);
    }

    public CryptoKeySpec lastWish() {
        return wishes.get(wishes.size() - 1);
    }

    public Map<String, String> labels(CryptoKeyName name) {
        return present(keys.get(name)).labels();
    }

    // --- the client ----------------------------------------------------------------------------------------------

    @Override
    public Optional<Boolean> hsmAvailable(String project, String location) {
        refuse("GetLocation");
        return Optional.ofNullable(locations.get(location));
    }

    @Override
    public boolean keyRingExists(KeyRingName ring) {
        refuse("GetKeyRing");
        return rings.contains(ring);
    }

    @Override
    public Creation createKeyRing(KeyRingName ring) {
        beforeWrite.run();
        writes.add("CreateKeyRing " + ring);
        return rings.add(ring) ? Creation.CREATED : Creation.ALREADY_EXISTS;
    }

    @Override
    public Optional<CryptoKeyInfo> cryptoKey(CryptoKeyName key) {
        refuse("GetCryptoKey");
        return Optional.ofNullable(keys.get(key));
    }

    @Override
    public List<KeyVersionInfo> versions(CryptoKeyName key) {
        refuse("ListCryptoKeyVersions");
        return versions.getOrDefault(key, List.of());
    }

    @Override
    public RetiredName retiredName(CryptoKeyName key) {
        Finding finding = refusals.get("ListRetiredResources");
        if (finding != null) {
            return new RetiredName.Unknown(finding.message());
        }
        return retired.containsKey(key)
                ? new RetiredName.Retired(Optional.of(Objects.requireNonNull(retired.get(key))))
                : new RetiredName.NotRetired();
    }

    @Override
    public Creation createCryptoKey(CryptoKeyName key, CryptoKeySpec wish) {
        beforeWrite.run();
        writes.add("CreateCryptoKey " + key);
        wishes.add(wish);
        if (keys.containsKey(key) || retired.containsKey(key)) {
            return Creation.ALREADY_EXISTS;
        }
        withKey(key, wish.labels(), UnaryOperator.identity());
        return Creation.CREATED;
    }

    @Override
    public void replaceLabels(CryptoKeyName key, Map<String, String> labels) {
        beforeWrite.run();
        writes.add("UpdateCryptoKey " + key);
        CryptoKeyInfo old = present(keys.get(key));
        keys.put(
                key,
                new CryptoKeyInfo(
                        key,
                        old.purpose(),
                        old.algorithm(),
                        old.protectionLevel(),
                        labels,
                        old.primary(),
                        old.rotationPeriod(),
                        old.destroyScheduledDuration(),
                        old.nextRotationTime(),
                        old.importOnly(),
                        old.allowedAccessReasons()));
    }

    @Override
    public KeyPolicy policy(CryptoKeyName key) {
        refuse("GetIamPolicy");
        KeyPolicy policy = policies.get(key);
        if (policy == null) {
            throw new PermanentException(ProjectFindings.googleRefused("GetIamPolicy on " + key, "404 NOT_FOUND"));
        }
        return policy;
    }

    @Override
    public Optional<List<RoleBinding>> bindings(KeyRingName ring) {
        refuse("GetKeyRingIamPolicy");
        return rings.contains(ring)
                ? Optional.of(Policies.parse(ringPolicies.getOrDefault(ring, EMPTY_POLICY))
                        .bindings())
                : Optional.empty();
    }

    @Override
    public boolean writePolicy(CryptoKeyName key, KeyPolicy policy) {
        beforeWrite.run();
        if (conflicts > 0) {
            conflicts--;
            return false;
        }
        writes.add("SetIamPolicy " + key);
        if (!lagging) {
            policies.put(key, stripping ? Policies.parse("{\"etag\":\"BwI=\"}") : policy);
        }
        return true;
    }

    @Override
    public Set<String> heldPermissions(CryptoKeyName key, Set<String> asked) {
        refuse("TestIamPermissions");
        questions.add(asked);
        return keys.containsKey(key) ? heldOf(asked) : Set.of();
    }

    @Override
    public Set<String> heldPermissions(KeyRingName ring, Set<String> asked) {
        refuse("TestIamPermissions");
        questions.add(asked);
        return rings.contains(ring) ? heldOf(asked) : Set.of();
    }

    private Set<String> heldOf(Set<String> asked) {
        Set<String> both = new HashSet<>(held);
        both.retainAll(asked);
        return both;
    }

    private void refuse(String operation) {
        Finding finding = refusals.get(operation);
        if (finding != null) {
            throw new PermanentException(finding);
        }
    }

    private static <T> T present(@Nullable T thing) {
        return Objects.requireNonNull(thing, "no such key");
    }
}
