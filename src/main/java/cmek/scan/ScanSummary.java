package cmek.scan;

import cmek.model.CryptoKeyName;
import cmek.model.Versioned;
import cmek.result.Status;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What later scans need to know of one: its figures, and the status of each key.
 *
 * @param keys by the id of the registration
 * @param details of the keys, by the same id; those of an earlier release have none
 */
@RegisterForReflection
public record ScanSummary(
        RunId id,
        Instant startedAt,
        Status status,
        Map<Status, Integer> counts,
        SortedMap<String, Status> keys,
        Map<String, Key> details)
        implements Versioned {

    /**
     * A key as it was then.
     *
     * @param reasons of its findings; one of a later release is a word like any other
     */
    @RegisterForReflection
    public record Key(CryptoKeyName key, List<String> reasons) {

        public Key {
            reasons = reasons.stream().map(String::intern).toList();
        }
    }

    public ScanSummary {
        counts = Collections.unmodifiableMap(new TreeMap<>(counts));
        keys = Collections.unmodifiableSortedMap(new TreeMap<>(Map.copyOf(keys)));
        details = Collections.unmodifiableMap(new TreeMap<>(details));
    }

    /** The same without the keys. */
    public ScanFigures figures() {
        return new ScanFigures(id, startedAt, status, counts);
    }
}
