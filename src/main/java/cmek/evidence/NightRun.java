package cmek.evidence;

import cmek.onboarding.Finding;
import java.time.Instant;
import java.util.List;

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
        expected = List.copyOf(expected);
        leftAlone = List.copyOf(leftAlone);
        coverage = List.copyOf(coverage);
        faults = List.copyOf(faults);
    }
}
