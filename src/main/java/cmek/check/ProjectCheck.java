package cmek.check;

import cmek.client.project.Lookup;
import cmek.client.project.ResourceInfo;
import cmek.finding.ProjectFindings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Supplier;

/** Whether the key's project is going to be deleted. What cannot be known is not an obstacle. */
@Singleton
public final class ProjectCheck implements PrerequisiteCheck, ScanCheck {

    private final InheritedPolicies inherited;

    @Inject
    public ProjectCheck(InheritedPolicies inherited) {
        this.inherited = inherited;
    }

    @Override
    public int rank() {
        return 15;
    }

    @Override
    public String what() {
        return "project";
    }

    @Override
    public String good() {
        return "no deletion of the project requested";
    }

    @Override
    public boolean needsKey() {
        return false;
    }

    @Override
    public boolean alsoWhenRevoked() {
        return true;
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        InheritedReads reads = inherited.of(subject);
        String project = subject.key().project();
        return () -> reads.infoNow("projects/" + project) instanceof Lookup.Known<ResourceInfo> known
                        && known.value().isDeleteRequested()
                ? CheckResult.refuse(ProjectFindings.projectDeleteRequested(
                        project, known.value().deleteTime(), subject.use().lost("would be lost")))
                : CheckResult.CLEAR;
    }
}
