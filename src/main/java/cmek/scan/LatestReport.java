package cmek.scan;

import cmek.check.KeyUse;
import cmek.finding.Reason;
import cmek.model.Versioned;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is remembered of one key between runs.
 *
 * @param report of its last check; empty when a repair was begun before there was one
 * @param repairs the last repair of each kind
 * @param seen what the last check saw of it in which the key existed; empty also in what an earlier release wrote
 * @param losses what of it is lost now, and since when that is known
 * @param contestedAt when something was lost again that had been restored; empty when a person has settled it
 */
@RegisterForReflection
public record LatestReport(
        Optional<KeyReport> report,
        List<Repair> repairs,
        Optional<KeyUse.Seen> seen,
        List<Loss> losses,
        Optional<Instant> contestedAt)
        implements Versioned {

    /** Of a report with one of these nobody can say that the key existed. */
    private static final List<Reason> WITHOUT_KEY =
            List.of(Reason.KEY_NOT_FOUND, Reason.NOT_REACHED, Reason.KMS_API_DISABLED, Reason.BILLING_DISABLED);

    public LatestReport {
        repairs = List.copyOf(repairs);
        losses = List.copyOf(losses);
    }

    /** What is remembered of a key that no check has seen. */
    public LatestReport(Optional<KeyReport> report, List<Repair> repairs) {
        this(report, repairs, Optional.empty(), List.of(), Optional.empty());
    }

    /** What an earlier check saw of the key; a report of an earlier release tells no more than that the key existed. */
    Optional<KeyUse.Seen> seenBefore() {
        return seen.or(() ->
                report.filter(last -> WITHOUT_KEY.stream().noneMatch(last::has)).map(last -> new KeyUse.Seen(0)));
    }

    /** Something was restored. */
    @RegisterForReflection
    public record Repair(Reason lost, Instant at, RunId run) {

        /** All that is ever restored. */
        static final List<Reason> POSSIBLE = List.of(Reason.LABEL_MISSING, Reason.BINDING_MISSING);
    }

    /**
     * Something is lost.
     *
     * @param since when a check first saw that
     */
    @RegisterForReflection
    public record Loss(Reason lost, Instant since) {}

    public Optional<Repair> repairOf(Reason lost) {
        return repairs.stream().filter(repair -> repair.lost() == lost).findFirst();
    }

    /** The same after another check. What a check could not see is lost as long as it was before. */
    LatestReport checked(KeyReport found, Optional<KeyUse.Seen> nowSeen) {
        List<Loss> now = new ArrayList<>();
        for (Reason lost : Repair.POSSIBLE) {
            Optional<Loss> before =
                    losses.stream().filter(loss -> loss.lost() == lost).findFirst();
            if (found.has(lost)) {
                now.add(before.orElseGet(() -> new Loss(lost, found.inspectedAt())));
            } else if (found.has(Reason.NOT_REACHED)) {
                before.ifPresent(now::add);
            }
        }
        return new LatestReport(Optional.of(found), repairs, nowSeen, now, contestedAt);
    }

    /** The same with another report of the last check. */
    LatestReport reported(KeyReport found) {
        return new LatestReport(Optional.of(found), repairs, seen, losses, contestedAt);
    }

    /** Whether a loss has been known for so long. */
    boolean isLostSince(Reason lost, Instant atLeast) {
        return losses.stream()
                .anyMatch(loss -> loss.lost() == lost && !loss.since().isAfter(atLeast));
    }

    LatestReport repairing(Reason lost, Instant now, RunId run) {
        List<Repair> all = new ArrayList<>(repairs);
        all.removeIf(repair -> repair.lost() == lost);
        all.add(new Repair(lost, now, run));
        return new LatestReport(report, all, seen, losses, contestedAt);
    }

    /** The same as if that had never been restored. */
    LatestReport notRepaired(Reason lost) {
        return new LatestReport(
                report, repairs.stream().filter(repair -> repair.lost() != lost).toList(), seen, losses, contestedAt);
    }

    LatestReport contested(Instant at) {
        return new LatestReport(report, repairs, seen, losses, Optional.of(at));
    }

    /** The same after a person has said that it may be restored again. */
    LatestReport settled() {
        return new LatestReport(report, List.of(), seen, losses, Optional.empty());
    }
}
