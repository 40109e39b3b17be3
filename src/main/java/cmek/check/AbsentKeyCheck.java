package cmek.check;

import cmek.client.http.SideBySide;
import cmek.client.kms.KeyManagement;
import cmek.client.kms.RetiredName;
import cmek.finding.KeyFindings;
import cmek.model.Mode;
import cmek.model.OnboardingRequest;
import cmek.model.OrganizationId;
import cmek.model.ProtectionLevel;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.function.Supplier;

/** Whether a key that does not exist can be created under its name, before its ring is. */
@Singleton
public final class AbsentKeyCheck implements PrerequisiteCheck {

    private final KeyManagement kms;
    private final SideBySide calls;
    private final OrganizationId organization;
    private final Clock clock;

    @Inject
    public AbsentKeyCheck(KeyManagement kms, SideBySide calls, OrganizationId organization, Clock clock) {
        this.kms = kms;
        this.calls = calls;
        this.organization = organization;
        this.clock = clock;
    }

    @Override
    public int rank() {
        return 55;
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return calls.begin(() -> subject.state() instanceof KeyState.Absent ? check(subject) : CheckResult.CLEAR);
    }

    private CheckResult check(CheckSubject subject) {
        OnboardingRequest request = subject.request();
        KeyUse use = subject.use();
        if (kms.retiredName(subject.key()) instanceof RetiredName.Retired retired) {
            return CheckResult.refuse(
                    use.attached()
                            ? KeyFindings.keyDeleted(subject.key(), retired.deletedAt(), use.lost("is lost"))
                            : KeyFindings.nameRetired(subject.key(), retired.deletedAt()));
        }
        // A registration may come before its key; an attachment, or a team that says the key is there, may not.
        if (use.attached() || (use.registered() && request.mode() == Mode.VALIDATE)) {
            return CheckResult.refuse(KeyFindings.registeredKeyNotFound(subject.key(), use.lost("is lost")));
        }
        boolean creates = request.mode() != Mode.VALIDATE;
        return creates && request.protectionLevelToCreate() == ProtectionLevel.HSM_SINGLE_TENANT
                ? CheckResult.refuse(KeyFindings.singleTenantNotCreated(request, organization.label(), clock.instant()))
                : CheckResult.CLEAR;
    }
}
