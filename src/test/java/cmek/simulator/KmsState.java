package cmek.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a simulated Cloud KMS keeps: locations, key rings and keys, as they are now. */
final class KmsState {

    /** The single regions of the United States, and a few others. */
    private static final List<String> LOCATIONS = List.of(
            "asia-northeast1",
            "europe-west1",
            "europe-west3",
            "europe-west4",
            "global",
            "nam4",
            "us",
            "us-central1",
            "us-east1",
            "us-east4",
            "us-east5",
            "us-south1",
            "us-west1",
            "us-west2",
            "us-west3",
            "us-west4");

    private final InstantSource clock;
    private final Set<String> withoutHsm = new HashSet<>();
    private final NavigableMap<String, Instant> keyRings = new TreeMap<>();
    private final Map<String, ObjectNode> keyRingPolicies = new HashMap<>();
    private final NavigableMap<String, KmsKey> keys = new TreeMap<>();
    private final NavigableMap<String, Instant> retired = new TreeMap<>();

    KmsState(InstantSource clock) {
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    List<String> locations() {
        return LOCATIONS;
    }

    void requireLocation(String location) {
        if (!LOCATIONS.contains(location)) {
            throw GoogleFailure.notFound("The request concerns location '" + location
                    + "'. Cloud KMS is not available in '" + location + "'.");
        }
    }

    boolean hasHsm(String location) {
        return !withoutHsm.contains(location);
    }

    void withoutHsm(String location) {
        withoutHsm.add(location);
    }

    // --- key rings -----------------------------------------------------------------------------------------------

    void addKeyRing(String ring) {
        if (keyRings.putIfAbsent(ring, now()) != null) {
            throw GoogleFailure.alreadyExists("KeyRing " + ring + " already exists.");
        }
    }

    /** Whether there is such a key ring or key. */
    boolean has(String name) {
        return keyRings.containsKey(name) || hasKey(name);
    }

    Instant keyRing(String ring) {
        Instant created = keyRings.get(ring);
        if (created == null) {
            throw GoogleFailure.notFound("KeyRing " + ring + " not found.");
        }
        return created;
    }

    /** What every key in the ring inherits. */
    ObjectNode keyRingPolicy(String ring) {
        keyRing(ring);
        return keyRingPolicies.getOrDefault(ring, IamPolicySimulator.untouched());
    }

    void changeKeyRingPolicy(String ring, ObjectNode policy) {
        keyRing(ring);
        keyRingPolicies.put(ring, policy);
    }

    List<String> keyRingsIn(String location) {
        return List.copyOf(below(keyRings, location + "/keyRings").keySet());
    }

    // --- keys ----------------------------------------------------------------------------------------------------

    void addKey(KmsKey key) {
        if (retired.containsKey(key.name())) {
            throw GoogleFailure.alreadyExists("The name " + key.name() + " was that of a deleted CryptoKey.");
        }
        if (keys.putIfAbsent(key.name(), key) != null) {
            throw GoogleFailure.alreadyExists("CryptoKey " + key.name() + " already exists.");
        }
    }

    /** The key is gone at once, and its name with it. */
    void deleteKey(String name) {
        keys.remove(name);
        retired.put(name, now());
    }

    /** The names of deleted keys of a location, with the times of their deletion. */
    SortedMap<String, Instant> retiredIn(String location) {
        return below(retired, location + "/keyRings");
    }

    boolean hasKey(String name) {
        return keys.containsKey(name);
    }

    KmsKey key(String name) {
        return find(name).orElseThrow(() -> GoogleFailure.notFound("CryptoKey " + name + " not found."));
    }

    Optional<KmsKey> find(String name) {
        Optional<KmsKey> key = Optional.ofNullable(keys.get(name));
        key.ifPresent(found -> found.passTime(now()));
        return key;
    }

    List<KmsKey> keysIn(String ring) {
        List<KmsKey> found = new ArrayList<>(below(keys, ring + "/cryptoKeys").values());
        found.forEach(key -> key.passTime(now()));
        return found;
    }

    List<String> keyNames() {
        return List.copyOf(keys.keySet());
    }

    /** The version that a full name means. */
    KmsVersion version(String name) {
        int slash = name.lastIndexOf("/cryptoKeyVersions/");
        return key(name.substring(0, slash))
                .version(number(name.substring(slash + "/cryptoKeyVersions/".length())))
                .orElseThrow(() -> GoogleFailure.notFound("CryptoKeyVersion " + name + " not found."));
    }

    /** The number in a version's id; 0, which no version bears, for anything else. */
    static int number(String id) {
        return id.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(id) : 0;
    }

    private static <T> SortedMap<String, T> below(NavigableMap<String, T> all, String collection) {
        return all.subMap(collection + "/", collection + (char) ('/' + 1));
    }
}
