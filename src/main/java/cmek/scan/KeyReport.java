package cmek.scan;

import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.model.Versioned;
import cmek.result.Status;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an inspection found of one key: one row of the scan's report.
 *
 * @param status {@code HEALTHY}, {@code UNHEALTHY}, {@code UNREACHABLE}, {@code REVOKED} or {@code UNUSED}
 * @param findings what is wrong, worst first
 * @param notes what a person should know although the key is healthy
 * @param restored what was lost and has been restored
 */
@RegisterForReflection
public record KeyReport(
        RunId run,
        RegisteredKey key,
        Status status,
        List<Finding> findings,
        List<Finding> notes,
        List<Reason> restored,
        Optional<KeyChange> change,
        Instant inspectedAt)
        implements Versioned {

    public KeyReport {
        findings = List.copyOf(findings);
        notes = List.copyOf(notes);
        restored = List.copyOf(restored);
    }

    /**
     * A report of a check of a key.
     *
     * @param seen everything that was found, in any order
     */
    public static KeyReport of(KeyToScan asked, List<Finding> seen, Instant at) {
        List<Finding> sorted = FindingOrder.worstFirst(seen);
        List<Finding> findings =
                sorted.stream().filter(found -> !FindingOrder.isNote(found)).toList();
        List<Finding> notes =
                sorted.stream().filter(found -> FindingOrder.isNote(found)).toList();
        return new KeyReport(
                asked.run(),
                asked.key(),
                FindingOrder.status(findings),
                findings,
                notes,
                List.of(),
                asked.change(),
                at);
    }

    /** The same with something added that was found out afterwards. */
    public KeyReport with(List<Finding> more, List<Reason> newlyRestored) {
        List<Finding> all = FindingOrder.worstFirst(
                Stream.concat(findings.stream(), more.stream()).toList());
        return new KeyReport(run, key, FindingOrder.status(all), all, notes, newlyRestored, change, inspectedAt);
    }

    /** Whether it is of this registration and its key, in this run. */
    boolean isOf(RunId expected, RegisteredKey registered) {
        return run.equals(expected)
                && key.id().equals(registered.id())
                && key.key().equals(registered.key());
    }

    public Optional<Finding> worst() {
        return findings.stream().findFirst();
    }

    /** Whether a finding of this reason is among them. */
    public boolean has(Reason reason) {
        return findings.stream().anyMatch(finding -> finding.reason() == reason);
    }

    /** One line for a person. */
    public String message() {
        String what = worst().map(Finding::message).orElse("the key " + key.key() + " is healthy");
        String more = findings.size() > 1 ? " (and " + (findings.size() - 1) + " more)" : "";
        String fixed = restored.isEmpty() ? "" : "; restored: " + restored;
        return what + more + fixed + change.map(cause -> "; after " + cause).orElse("");
    }
}
