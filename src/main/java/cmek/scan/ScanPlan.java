package cmek.scan;

import cmek.finding.Finding;
import cmek.model.Versioned;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What one scan is going to check, decided once at its beginning.
 *
 * @param deadline when it is reported on at the latest
 * @param skipped registrations of keys that are not in Cloud KMS
 * @param coverage what is wrong with the organization rather than with one key
 * @param faults why it cannot be a complete one
 */
@RegisterForReflection
public record ScanPlan(
        RunId id,
        Instant startedAt,
        Instant deadline,
        List<RegisteredKey> expected,
        List<OtherKey> skipped,
        List<Finding> coverage,
        List<Finding> faults)
        implements Versioned {

    public ScanPlan {
        expected = List.copyOf(expected);
        skipped = List.copyOf(skipped);
        coverage = List.copyOf(coverage);
        faults = List.copyOf(faults);
    }

    /** Half of the scan is spent on retries; then what cannot be reached is reported so. */
    public Instant patientUntil() {
        return startedAt.plus(Duration.between(startedAt, deadline).dividedBy(2));
    }
}
