package cmek.check;

import cmek.finding.Finding;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a check of one prerequisite comes to.
 *
 * @param refusal why the chain must not begin
 * @param warnings what a person should know although it may
 */
public record CheckResult(Optional<Finding> refusal, List<Finding> warnings) {

    public static final CheckResult CLEAR = new CheckResult(Optional.empty(), List.of());

    public CheckResult {
        warnings = List.copyOf(warnings);
    }

    public static CheckResult refuse(Finding finding) {
        return new CheckResult(Optional.of(finding), List.of());
    }

    public static CheckResult warn(Finding... findings) {
        return warn(List.of(findings));
    }

    public static CheckResult warn(List<Finding> findings) {
        return new CheckResult(Optional.empty(), findings);
    }

    /** All that was found, the refusal first. */
    public List<Finding> findings() {
        return Stream.concat(refusal.stream(), warnings.stream()).toList();
    }
}
