package cmek.scan;

import cmek.check.CheckEntry;
import cmek.check.KeyDiagnosis;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.model.Versioned;
import cmek.result.Status;
import com.fasterxml.jackson.annotation.JsonIgnore;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What an inspection found of one key: one row of the scan's report.
 *
 * @param status {@code HEALTHY}, {@code UNHEALTHY}, {@code UNREACHABLE}, {@code REVOKED} or {@code UNUSED}
 * @param findings what is wrong, worst first
 * @param notes what a person should know although the key is healthy
 * @param restored what was lost and has been restored
 * @param checks each check and what it saw, also where nothing is wrong
 * @param labels of the key, as Cloud KMS has them
 * @param destroysAt when the first scheduled destruction of a version becomes final
 * @param standing since when that is so; empty where nobody knows, as in the report of an earlier release
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
        Instant inspectedAt,
        List<CheckEntry> checks,
        Map<String, String> labels,
        Optional<Instant> destroysAt,
        Optional<Standing> standing)
        implements Versioned {

    public KeyReport {
        findings = List.copyOf(findings);
        notes = List.copyOf(notes);
        restored = List.copyOf(restored);
        checks = List.copyOf(checks);
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /** A report of which nothing but the findings is known, as of a key that was not checked. */
    public static KeyReport of(KeyToScan asked, List<Finding> seen, Instant at) {
        return of(asked, seen, List.of(), Map.of(), Optional.empty(), at);
    }

    /**
     * A report of a check of a key.
     *
     * @param seen everything that was found, in any order
     */
    static KeyReport of(
            KeyToScan asked,
            List<Finding> seen,
            List<CheckEntry> checks,
            Map<String, String> labels,
            Optional<Instant> destroysAt,
            Instant at) {
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
                at,
                checks,
                labels,
                destroysAt,
                Optional.empty());
    }

    /** The same with something added that was found out afterwards. */
    public KeyReport with(List<Finding> more, List<Reason> newlyRestored) {
        List<Finding> all = FindingOrder.worstFirst(
                Stream.concat(findings.stream(), more.stream()).toList());
        return new KeyReport(
                run,
                key,
                FindingOrder.status(all),
                all,
                notes,
                newlyRestored,
                change,
                inspectedAt,
                checks,
                labels,
                destroysAt,
                standing);
    }

    /**
     * The same, with since when it is so.
     *
     * @param before what the check before found
     * @param at when this check began; what it shares with the checks of other keys may have been read earlier
     */
    public KeyReport since(Optional<KeyReport> before, Instant at) {
        return new KeyReport(
                run,
                key,
                status,
                findings,
                notes,
                restored,
                change,
                inspectedAt,
                checks,
                labels,
                destroysAt,
                Optional.of(standing(before, at)));
    }

    private Standing standing(Optional<KeyReport> before, Instant at) {
        boolean unseen = has(Reason.NOT_REACHED);
        Map<Reason, Instant> reasons = new EnumMap<>(Reason.class);
        findings.forEach(finding -> reasons.put(finding.reason(), at));
        before.map(KeyReport::known)
                .ifPresent(then -> then.reasons().forEach((reason, first) -> {
                    if (unseen || reasons.containsKey(reason)) {
                        reasons.put(reason, first);
                    }
                }));
        return new Standing(
                before.filter(then -> then.status == status)
                        .map(then -> then.known().since())
                        .orElse(at),
                isDown() || unseen
                        ? before.flatMap(then -> then.known().downSince())
                                .or(() -> Optional.of(at).filter(now -> isDown()))
                        : Optional.empty(),
                reasons);
    }

    /** Since when it is known to be so: at least since it was checked. */
    private Standing known() {
        return standing.orElseGet(() -> standing(Optional.empty(), inspectedAt));
    }

    /** Whether Anthropic cannot use the key now: by its own word, or where it was not asked by what was found. */
    @JsonIgnore
    public boolean isDown() {
        Optional<CheckEntry.Result> roundTrip = checks.stream()
                .filter(check -> check.what().equals(CheckEntry.ROUND_TRIP))
                .map(CheckEntry::result)
                .findFirst();
        return roundTrip.filter(CheckEntry.Result.FAILED::equals).isPresent()
                || (roundTrip.filter(CheckEntry.Result.PASSED::equals).isEmpty()
                        && status == Status.UNHEALTHY
                        && findings.stream().anyMatch(KeyDiagnosis::explains));
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
