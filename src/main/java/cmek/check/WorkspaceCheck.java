package cmek.check;

import cmek.check.WorkspaceLookup.Readiness;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Supplier;

/** Whether the key can be attached to the workspace, or is attached already. */
@Singleton
public final class WorkspaceCheck implements PrerequisiteCheck {

    private final WorkspaceLookup workspaces;
    private final ParallelReads reads;

    @Inject
    public WorkspaceCheck(WorkspaceLookup workspaces, ParallelReads reads) {
        this.workspaces = workspaces;
        this.reads = reads;
    }

    @Override
    public int rank() {
        return 40;
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return reads.begin(() -> subject.request()
                .workspaceId()
                .map(id -> workspaces.inspect(id, subject.key()))
                .map(readiness -> readiness instanceof Readiness.NotAttachable not
                        ? CheckResult.refuse(not.finding())
                        : CheckResult.CLEAR)
                .orElse(CheckResult.CLEAR));
    }
}
