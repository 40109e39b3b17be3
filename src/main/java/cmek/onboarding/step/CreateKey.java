package cmek.onboarding.step;

import cmek.check.KeyInspection;
import cmek.client.kms.CryptoKeyInfo;
import cmek.client.kms.CryptoKeySpec;
import cmek.client.kms.KeyManagement;
import cmek.client.kms.KeyManagement.Creation;
import cmek.finding.Finding;
import cmek.finding.KeyFindings;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.OnboardingRequest;
import cmek.model.OrganizationId;
import cmek.model.OrganizationLabel;
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
        return PlannedWrite.kms(
                        StepOutcome.CREATED,
                        request.protectionLevelToCreate() + " key " + request.key() + " with label " + label,
                        () -> KeyFindings.keyNotFound(request.key(), request.protectionLevelToCreate(), label),
                        () -> create(onboarding))
                .apply(onboarding);
    }

    private Outcome create(Onboarding onboarding) {
        CryptoKeyName name = onboarding.key();
        Instant now = clock.instant();
        if (kms.createCryptoKey(name, wish(onboarding.request(), now)) == Creation.CREATED) {
            return new Outcome.Done(onboarding.withChangedAt(now), StepOutcome.CREATED, "key " + name);
        }
        // Perhaps our own echo, perhaps somebody else's key: only a check of it can tell.
        CryptoKeyInfo present = kms.cryptoKey(name)
                .orElseThrow(() -> new TransientException(
                        Reason.GOOGLE_UNAVAILABLE,
                        "Cloud KMS says that " + name + " exists and does not show it",
                        null));
        return compare(onboarding, present);
    }

    private CryptoKeySpec wish(OnboardingRequest request, Instant now) {
        return new CryptoKeySpec(
                request.protectionLevelToCreate(),
                label.mergedInto(request.labels()),
                request.rotationPeriod().map(period -> new CryptoKeySpec.Rotation(period, now.plus(period))),
                request.destroyScheduledDuration());
    }

    private Outcome compare(Onboarding onboarding, CryptoKeyInfo key) {
        List<Finding> unusable = inspection.usability(key, onboarding.request());
        if (!unusable.isEmpty()) {
            return new Outcome.Refused(unusable.get(0));
        }
        List<String> differences = differences(onboarding.request(), key);
        Onboarding compared = differences.isEmpty()
                ? onboarding
                : onboarding.withWarning(KeyFindings.settingsDiffer(key.name(), differences));
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
