package cmek.check;

import cmek.finding.Finding;
import java.util.List;
import java.util.Optional;

/**
 * What a look at one prerequisite comes to.
 *
 * @param refusal why the chain must not begin
 * @param warnings what a person should know although it may
 */
public record Verdict(Optional<Finding> refusal, List<Finding> warnings) {

    public static final Verdict CLEAR = new Verdict(Optional.empty(), List.of());

    public Verdict {
        warnings = List.copyOf(warnings);
    }

    public static Verdict refuse(Finding finding) {
        return new Verdict(Optional.of(finding), List.of());
    }

    public static Verdict warn(Finding... findings) {
        return warn(List.of(findings));
    }

    public static Verdict warn(List<Finding> findings) {
        return new Verdict(Optional.empty(), findings);
    }
}
