package cmek.scan;

import cmek.finding.Finding;
import java.time.Instant;
import java.util.List;

/**
 * What one scan is going to look at, decided once at its beginning.
 *
 * @param deadline when it is reported on at the latest
 * @param coverage what is wrong with the whole rather than with one key
 * @param faults why it can not be a complete one
 */
public record ScanPlan(
        RunId id,
        Instant startedAt,
        Instant deadline,
        Packed<RegisteredKey> expected,
        Packed<OtherKey> skipped,
        Packed<Finding> coverage,
        List<Finding> faults) {

    public ScanPlan {
        faults = List.copyOf(faults);
    }

    /** The same without what grows with the estate. */
    ScanPlan frame() {
        return new ScanPlan(id, startedAt, deadline, Packed.none(), Packed.none(), Packed.none(), faults);
    }
}
