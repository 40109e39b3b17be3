package cmek.scan;

import cmek.check.KeyUse;
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
 * @param seen what the last check saw of it in which the key existed; empty also in what an earlier release wrote
 */
@RegisterForReflection
public record LatestReport(Optional<KeyReport> report, List<Repair> repairs, Optional<KeyUse.Seen> seen)
        implements Versioned {

    /** Of a report with one of these nobody can say that the key existed. */
    private static final List<Reason> WITHOUT_KEY =
            List.of(Reason.KEY_NOT_FOUND, Reason.NOT_REACHED, Reason.KMS_API_DISABLED, Reason.BILLING_DISABLED);

    public LatestReport {
        repairs = List.copyOf(repairs);
    }

    /** What is remembered of a key that no check has seen. */
    public LatestReport(Optional<KeyReport> report, List<Repair> repairs) {
        this(report, repairs, Optional.empty());
    }

    /** What an earlier check saw of the key; a report of an earlier release tells no more than that the key existed. */
    Optional<KeyUse.Seen> seenBefore() {
        return seen.or(() ->
                report.filter(last -> WITHOUT_KEY.stream().noneMatch(last::has)).map(last -> new KeyUse.Seen(0)));
    }

    /** Something was restored. */
    @RegisterForReflection
    public record Repair(Reason lost, Instant at, RunId run) {}

    public Optional<Repair> repairOf(Reason lost) {
        return repairs.stream().filter(repair -> repair.lost() == lost).findFirst();
    }
}
