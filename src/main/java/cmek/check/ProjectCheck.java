package cmek.check;

import cmek.client.project.Lookup;
import cmek.client.project.ProjectInfo;
import cmek.finding.ProjectFindings;
import cmek.finding.TransientException;
import jakarta.inject.Singleton;
import java.util.function.Supplier;

/** Whether the key's project is going to be deleted. What cannot be known is not an obstacle. */
@Singleton
public final class ProjectCheck implements PrerequisiteCheck, ScanCheck {

    @Override
    public int rank() {
        return 15;
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
        return () -> read(subject) instanceof Lookup.Known<ProjectInfo> known
                        && known.value().isDeleteRequested()
                ? CheckResult.refuse(ProjectFindings.projectDeleteRequested(
                        subject.key().project(),
                        known.value().deleteTime(),
                        subject.use().lost("would be lost")))
                : CheckResult.CLEAR;
    }

    private static Lookup<ProjectInfo> read(CheckSubject subject) {
        try {
            return subject.project();
        } catch (TransientException e) {
            return new Lookup.Unknown<>(String.valueOf(e.getMessage()));
        }
    }
}
