package cmek.evidence;

import cmek.onboarding.ExternalKeyId;
import cmek.onboarding.Status;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What later nights need to know of one: how many keys were how, and how each one was.
 *
 * @param keys by the registration's id
 */
public record NightSummary(
        RunId id, Instant startedAt, Status status, Map<Status, Integer> counts, SortedMap<String, Status> keys) {

    public NightSummary {
        counts = Map.copyOf(counts);
        keys = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(keys));
    }

    public int count(Status of) {
        return counts.getOrDefault(of, 0);
    }

    /** The same without the keys. */
    public NightReport.Night figures() {
        return new NightReport.Night(id, startedAt, status, counts);
    }

    /** How a key was, when it was there. */
    java.util.Optional<Status> statusOf(ExternalKeyId key) {
        return java.util.Optional.ofNullable(keys.get(key.value()));
    }
}
