package cmek.scan;

import cmek.result.Status;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** A scan in figures: how many keys had which status. */
@RegisterForReflection
public record ScanFigures(RunId id, Instant startedAt, Status status, Map<Status, Integer> counts) {

    public ScanFigures {
        counts = Collections.unmodifiableMap(new TreeMap<>(counts));
    }

    public int count(Status of) {
        return counts.getOrDefault(of, 0);
    }
}
