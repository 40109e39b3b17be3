package cmek.scan;

import cmek.finding.Reason;
import cmek.model.Json;
import com.fasterxml.jackson.annotation.JsonProperty;
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
public record LatestReport(Optional<KeyReport> report, List<Repair> repairs) {

    public LatestReport {
        repairs = List.copyOf(repairs);
    }

    /** Something was restored. */
    @RegisterForReflection
    public record Repair(Reason lost, Instant at, RunId run) {}

    public Optional<Repair> repairOf(Reason lost) {
        return repairs.stream().filter(repair -> repair.lost() == lost).findFirst();
    }

    /** The edition of the event or object, for its readers. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public int schemaVersion() {
        return Json.SCHEMA_VERSION;
    }
}
