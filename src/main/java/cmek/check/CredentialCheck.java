package cmek.check;

import cmek.client.anthropic.AdminApi;
import cmek.client.http.SideBySide;
import cmek.finding.AnthropicFindings;
import cmek.model.OrganizationId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Supplier;

/** Whether Anthropic's credential belongs to the configured organization. */
@Singleton
public final class CredentialCheck implements PrerequisiteCheck {

    private final AdminApi anthropic;
    private final SideBySide reads;
    private final OrganizationId organization;

    @Inject
    public CredentialCheck(AdminApi anthropic, SideBySide reads, OrganizationId organization) {
        this.anthropic = anthropic;
        this.reads = reads;
        this.organization = organization;
    }

    @Override
    public int rank() {
        return 10;
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return reads.begin(() -> {
            OrganizationId actual = anthropic.organization();
            return actual.equals(organization)
                    ? CheckResult.CLEAR
                    : CheckResult.refuse(AnthropicFindings.wrongOrganization(organization, actual.value()));
        });
    }
}
