package cmek.scan;

import cmek.model.Versioned;
import cmek.result.Status;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What later scans need to know of one: its figures, and the status of each key.
 *
 * @param keys by the id of the registration
 */
@RegisterForReflection
public record ScanSummary(
        RunId id, Instant startedAt, Status status, Map<Status, Integer> counts, SortedMap<String, Status> keys)
        implements Versioned {

    public ScanSummary {
        counts = Collections.unmodifiableMap(new TreeMap<>(counts));
        keys = Collections.unmodifiableSortedMap(new TreeMap<>(Map.copyOf(keys)));
    }

    /** The same without the keys. */
    public ScanFigures figures() {
        return new ScanFigures(id, startedAt, status, counts);
    }
}
