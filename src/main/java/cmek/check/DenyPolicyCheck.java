package cmek.check;

import cmek.client.http.SideBySide;
import cmek.finding.Finding;
import cmek.finding.ProjectFindings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Whether a deny policy would keep Anthropic from the key, whatever is granted. What cannot be read above the project is
 * said where it matters: when Anthropic's validation fails.
 */
@Singleton
public final class DenyPolicyCheck implements PrerequisiteCheck {

    private final DenyPolicyLookup policies;
    private final SideBySide reads;

    @Inject
    public DenyPolicyCheck(DenyPolicyLookup policies, SideBySide reads) {
        this.policies = policies;
        this.reads = reads;
    }

    @Override
    public int rank() {
        return 85;
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return reads.begin(() -> {
            DenyPolicyLookup.Result result = policies.inspect(subject);
            if (!result.certain().isEmpty()) {
                return CheckResult.refuse(result.certain().get(0));
            }
            List<Finding> warnings = new ArrayList<>(result.possible());
            if (!result.ofProject().isEmpty()) {
                warnings.add(ProjectFindings.denyPoliciesUnknown(
                        subject.key().project(), String.join("; ", result.ofProject())));
            }
            return CheckResult.warn(warnings);
        });
    }
}
