package cmek.check;

import cmek.check.RegistrationLookup.Registrations;
import cmek.check.WorkspaceLookup.Readiness;
import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.Workspace;
import cmek.client.http.SideBySide;
import cmek.finding.AnthropicFindings;
import cmek.finding.Finding;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether the key can be attached to the workspace, or is attached already, by one of the registrations that it has: the two
 * are read side by side, and only both together say whether their user profiles fit. A request that would attach it to the
 * organization's default workspace must say that it means that.
 */
@Singleton
public final class WorkspaceCheck implements PrerequisiteCheck {

    private final AdminApi anthropic;
    private final WorkspaceLookup workspaces;
    private final SideBySide reads;

    @Inject
    public WorkspaceCheck(AdminApi anthropic, WorkspaceLookup workspaces, SideBySide reads) {
        this.anthropic = anthropic;
        this.workspaces = workspaces;
        this.reads = reads;
    }

    @Override
    public int rank() {
        return 40;
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        Supplier<Optional<Readiness>> readiness =
                reads.begin(() -> subject.request().workspaceId().map(id -> workspaces.inspect(id, subject.key())));
        // What is acknowledged need not be known here; the last step tells the approver which it is.
        Supplier<Boolean> isUnmeantDefault = reads.begin(() -> subject.request()
                .workspaceId()
                .filter(id -> !subject.request().acknowledgeDefaultWorkspace() && anthropic.isDefaultWorkspace(id))
                .isPresent());
        return () -> judge(readiness.get(), isUnmeantDefault, subject.registrations());
    }

    private static CheckResult judge(
            Optional<Readiness> readiness, Supplier<Boolean> isUnmeantDefault, Registrations registered) {
        if (readiness.isPresent() && readiness.get() instanceof Readiness.NotAttachable not) {
            return CheckResult.refuse(not.finding());
        }
        return readiness.isPresent() && readiness.get() instanceof Readiness.Available free
                ? attaching(free.workspace(), isUnmeantDefault.get(), registered.of(free.workspace()))
                : CheckResult.warn(registered.warnings());
    }

    private static CheckResult attaching(Workspace workspace, boolean isUnmeantDefault, Registrations registered) {
        Optional<Finding> refusal = isUnmeantDefault
                ? Optional.of(AnthropicFindings.defaultWorkspaceNotAcknowledged(workspace.id()))
                : registered.mismatch().or(() -> registered.kept().flatMap(RegistrationLookup::elsewhere));
        List<Finding> warnings = new ArrayList<>(registered.warnings());
        if (workspace.retainsNoData()) {
            warnings.add(AnthropicFindings.workspaceRetainsNoData(workspace.id(), workspace.name()));
        }
        return new CheckResult(refusal, warnings);
    }
}
