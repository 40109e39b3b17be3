package cmek.evidence;

import cmek.onboarding.Finding;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one night is going to look at, decided once at its beginning.
 *
 * @param deadline when it is reported on at the latest
 * @param coverage what is wrong with the whole rather than with one key
 * @param faults why it can not be a complete one
 */
public record NightRun(
        RunId id,
        Instant startedAt,
        Instant deadline,
        List<RegisteredKey> expected,
        List<OtherKey> leftAlone,
        List<Finding> coverage,
        List<Finding> faults) {

    public NightRun {
        expected = List.copyOf(sharingFindings(expected));
        leftAlone = List.copyOf(leftAlone);
        coverage = List.copyOf(coverage);
        faults = List.copyOf(faults);
    }

    /** What is wrong with a region is wrong with all its keys, in the same words: they are held once. */
    private static List<RegisteredKey> sharingFindings(List<RegisteredKey> keys) {
        Map<Finding, Finding> held = new HashMap<>();
        return keys.stream().map(key -> key.sharing(held)).toList();
    }

    NightRun withoutKeys() {
        return new NightRun(id, startedAt, deadline, List.of(), leftAlone, coverage, faults);
    }
}
