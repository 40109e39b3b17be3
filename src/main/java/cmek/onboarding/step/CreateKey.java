package cmek.onboarding.step;

import cmek.check.KeyInspection;
import cmek.client.kms.CryptoKeyInfo;
import cmek.client.kms.CryptoKeySpec;
import cmek.client.kms.KeyManagement;
import cmek.client.kms.KeyManagement.Creation;
import cmek.client.kms.RetiredName;
import cmek.finding.Finding;
import cmek.finding.KeyFindings;
import cmek.finding.Reason;
import cmek.finding.Severity;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.Mode;
import cmek.model.OnboardingRequest;
import cmek.model.OrganizationId;
import cmek.model.OrganizationLabel;
import cmek.model.ProtectionLevel;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.onboarding.PlannedWrite;
import cmek.result.StepOutcome;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Step 2 of the guide: the crypto key, with the organization's label on it. */
@Singleton
public final class CreateKey {

    private final KeyManagement kms;
    private final KeyInspection inspection;
    private final OrganizationLabel label;
    private final Clock clock;

    @Inject
    public CreateKey(KeyManagement kms, KeyInspection inspection, OrganizationId organization, Clock clock) {
        this.kms = kms;
        this.inspection = inspection;
        this.label = organization.label();
        this.clock = clock;
    }

    /** Creates the key, or compares the one that is there with what was asked for and adds the label it lacks. */
    public Outcome createKey(Onboarding onboarding) {
        Optional<CryptoKeyInfo> key = kms.cryptoKey(onboarding.key());
        return key.isPresent() ? compare(onboarding, key.get()) : createAbsent(onboarding);
    }

    private Outcome createAbsent(Onboarding onboarding) {
        OnboardingRequest request = onboarding.request();
        if (request.mode() != Mode.VALIDATE && request.protectionLevelToCreate() == ProtectionLevel.HSM_SINGLE_TENANT) {
            return new Outcome.Refused(KeyFindings.singleTenantNotCreated(request, label, clock.instant()));
        }
        return PlannedWrite.kms(
                        StepOutcome.CREATED,
                        request.protectionLevelToCreate() + " key " + request.key() + " with label " + label,
                        () -> KeyFindings.keyNotFound(request, label, clock.instant()),
                        () -> create(onboarding))
                .apply(onboarding);
    }

    private Outcome create(Onboarding onboarding) {
        CryptoKeyName name = onboarding.key();
        Instant now = clock.instant();
        if (kms.createCryptoKey(name, wish(onboarding.request(), now)) == Creation.CREATED) {
            return new Outcome.Done(onboarding.withChangedAt(now), StepOutcome.CREATED, "key " + name);
        }
        // Perhaps our own echo, perhaps somebody else's key, perhaps one that is gone: only a check of it can tell.
        Optional<CryptoKeyInfo> present = kms.cryptoKey(name);
        return present.isPresent() ? compare(onboarding, present.get()) : absentYetTaken(name);
    }

    private Outcome absentYetTaken(CryptoKeyName name) {
        if (kms.retiredName(name) instanceof RetiredName.Retired retired) {
            return new Outcome.Refused(KeyFindings.nameRetired(name, retired.deletedAt()));
        }
        throw new TransientException(
                Reason.GOOGLE_UNAVAILABLE, "Cloud KMS says that " + name + " exists and does not show it", null);
    }

    private CryptoKeySpec wish(OnboardingRequest request, Instant now) {
        return new CryptoKeySpec(
                request.protectionLevelToCreate(),
                label.mergedInto(request.labels()),
                request.rotationPeriod().map(period -> new CryptoKeySpec.Rotation(period, now.plus(period))),
                request.destroyScheduledDuration());
    }

    private Outcome compare(Onboarding onboarding, CryptoKeyInfo key) {
        List<Finding> found = inspection.usability(key, onboarding.request(), () -> kms.versions(key.name()));
        List<Finding> unusable = found.stream()
                .filter(finding -> finding.severity() == Severity.BLOCKING)
                .toList();
        if (!unusable.isEmpty()) {
            return new Outcome.Refused(Finding.all(unusable));
        }
        Onboarding compared = onboarding;
        for (Finding finding : found) {
            if (finding.reason() == Reason.KEY_VERSION_NOT_READY) {
                throw new TransientException(finding.reason(), finding.message(), null);
            }
            compared = compared.withWarning(finding);
        }
        List<String> differences = differences(onboarding.request(), key);
        if (!differences.isEmpty()) {
            compared = compared.withWarning(KeyFindings.settingsDiffer(key.name(), differences));
        }
        return label.isOn(key.labels())
                ? new Outcome.Done(compared, StepOutcome.FOUND, "key " + key.name())
                : addLabel(compared, key);
    }

    private Outcome addLabel(Onboarding onboarding, CryptoKeyInfo key) {
        if (!label.fitsInto(key.labels())) {
            return new Outcome.Refused(KeyFindings.labelsFull(key.name(), label));
        }
        return PlannedWrite.kms(
                        StepOutcome.LABELLED,
                        "label " + label + " on " + key.name(),
                        () -> KeyFindings.labelMissing(key.name(), label),
                        () -> {
                            kms.replaceLabels(key.name(), label.mergedInto(key.labels()));
                            return new Outcome.Done(
                                    onboarding.withChangedAt(clock.instant()),
                                    StepOutcome.LABELLED,
                                    "label " + label + " on " + key.name());
                        })
                .apply(onboarding);
    }

    /** Settings that were asked for and that an existing key has otherwise; only what was asked for is compared. */
    private static List<String> differences(OnboardingRequest request, CryptoKeyInfo key) {
        List<String> differences = new ArrayList<>();
        differ(differences, "rotation period", request.rotationPeriod(), key.rotationPeriod());
        differ(
                differences,
                "destroy scheduled duration",
                request.destroyScheduledDuration(),
                key.destroyScheduledDuration());
        for (Map.Entry<String, String> asked : request.labels().entrySet()) {
            String found = key.labels().get(asked.getKey());
            if (!asked.getValue().equals(found)) {
                differences.add("label " + asked.getKey() + " is " + (found == null ? "absent" : found) + ", not "
                        + asked.getValue());
            }
        }
        return differences;
    }

    private static void differ(
            List<String> differences, String what, Optional<Duration> asked, Optional<Duration> found) {
        if (asked.isPresent() && !asked.equals(found)) {
            differences.add(
                    what + " is " + found.map(CreateKey::days).orElse("not set") + ", not " + days(asked.get()));
        }
    }

    private static String days(Duration duration) {
        return duration.equals(Duration.ofDays(duration.toDays()))
                ? "P" + duration.toDays() + "D"
                : duration.toString();
    }
}
