package cmek.check;

import cmek.client.http.SideBySide;
import cmek.client.kms.KeyManagement;
import cmek.finding.AnthropicFindings;
import cmek.finding.ProjectFindings;
import cmek.model.CryptoKeyName;
import cmek.model.OnboardingRequest;
import cmek.model.Policy;
import cmek.model.ProtectionLevel;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether Cloud KMS knows the location, has Cloud HSM there where it is asked for, and Anthropic recommends it. */
@Singleton
public final class LocationCheck implements PrerequisiteCheck {

    private final KeyManagement kms;
    private final SideBySide reads;

    @Inject
    public LocationCheck(KeyManagement kms, SideBySide reads) {
        this.kms = kms;
        this.reads = reads;
    }

    @Override
    public int rank() {
        return 30;
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return reads.begin(() -> check(subject.request()));
    }

    private CheckResult check(OnboardingRequest request) {
        CryptoKeyName key = request.key();
        Optional<Boolean> hsm = kms.hsmAvailable(key.project(), key.location());
        if (hsm.isEmpty()) {
            return CheckResult.refuse(ProjectFindings.locationUnknown(key));
        }
        if (request.protectionLevelToCreate() == ProtectionLevel.HSM && !hsm.get()) {
            return CheckResult.refuse(ProjectFindings.hsmNotAvailable(key));
        }
        return Policy.RECOMMENDED_REGIONS.contains(key.location())
                ? CheckResult.CLEAR
                : CheckResult.warn(AnthropicFindings.regionNotRecommended(key.location()));
    }
}
