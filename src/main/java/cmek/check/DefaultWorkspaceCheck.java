package cmek.check;

import cmek.client.anthropic.AdminApi;
import cmek.client.http.SideBySide;
import cmek.finding.AnthropicFindings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Supplier;

/** Whether a request that names the organization's default workspace says that it means it. */
@Singleton
public final class DefaultWorkspaceCheck implements PrerequisiteCheck {

    private final AdminApi anthropic;
    private final SideBySide reads;

    @Inject
    public DefaultWorkspaceCheck(AdminApi anthropic, SideBySide reads) {
        this.anthropic = anthropic;
        this.reads = reads;
    }

    @Override
    public int rank() {
        return 45;
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        // What is acknowledged need not be known here; the last step tells the approver which it is.
        return reads.begin(() -> subject.request()
                .workspaceId()
                .filter(id -> !subject.request().acknowledgeDefaultWorkspace() && anthropic.isDefaultWorkspace(id))
                .map(id -> CheckResult.refuse(AnthropicFindings.defaultWorkspaceNotAcknowledged(id)))
                .orElse(CheckResult.CLEAR));
    }
}
