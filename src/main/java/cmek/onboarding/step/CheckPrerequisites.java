package cmek.onboarding.step;

import cmek.check.Check;
import cmek.check.CheckResult;
import cmek.check.CheckSubject;
import cmek.check.CheckSubjects;
import cmek.check.PrerequisiteCheck;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.TransientException;
import cmek.model.OrganizationId;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.result.StepOutcome;
import io.quarkus.arc.All;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks, before anything is written, whether the chain can reach its end. The reads of all checks are begun first and judged
 * in one order, the order of importance: the first refusal in it is the answer, whichever read was the fastest. What could
 * not be read now is retried later, unless something else is refused anyway.
 */
@Singleton
public final class CheckPrerequisites {

    private final List<PrerequisiteCheck> checks;
    private final CheckSubjects subjects;
    private final OrganizationId organization;

    @Inject
    public CheckPrerequisites(
            @All List<PrerequisiteCheck> checks, CheckSubjects subjects, OrganizationId organization) {
        this.checks =
                checks.stream().sorted(Comparator.comparingInt(Check::rank)).toList();
        this.subjects = subjects;
        this.organization = organization;
    }

    /** Runs every check of Anthropic's side, the project, the location, our permissions, its policies and its logs. */
    public Outcome checkPrerequisites(Onboarding onboarding) {
        CheckSubject subject = subjects.ofRequest(onboarding.request());
        List<Supplier<CheckResult>> begun =
                checks.stream().map(check -> check.begin(subject)).toList();
        return judge(onboarding, begun);
    }

    private Outcome judge(Onboarding onboarding, List<Supplier<CheckResult>> begun) {
        Onboarding checked = onboarding;
        Optional<TransientException> unavailable = Optional.empty();
        for (Supplier<CheckResult> check : begun) {
            try {
                CheckResult result = check.get();
                if (result.refusal().isPresent()) {
                    return new Outcome.Refused(result.refusal().get());
                }
                for (Finding warning : result.warnings()) {
                    checked = checked.withWarning(warning);
                }
            } catch (PermanentException e) {
                return new Outcome.Refused(e.finding());
            } catch (TransientException e) {
                unavailable = unavailable.or(() -> Optional.of(e));
            }
        }
        if (unavailable.isPresent()) {
            throw unavailable.get();
        }
        return new Outcome.Done(
                checked,
                StepOutcome.CHECKED,
                "organization " + organization + ", Cloud KMS in "
                        + onboarding.key().location() + " of project "
                        + onboarding.key().project());
    }
}
