package cmek.scan;

import cmek.finding.Reason;
import cmek.model.Versioned;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is remembered of one key between runs.
 *
 * @param report of its last check; empty when a repair was begun before there was one
 * @param repairs the last repair of each kind
 */
@RegisterForReflection
public record LatestReport(Optional<KeyReport> report, List<Repair> repairs) implements Versioned {

    public LatestReport {
        repairs = List.copyOf(repairs);
    }

    /** Something was restored. */
    @RegisterForReflection
    public record Repair(Reason lost, Instant at, RunId run) {}

    public Optional<Repair> repairOf(Reason lost) {
        return repairs.stream().filter(repair -> repair.lost() == lost).findFirst();
    }
}
