package cmek.onboarding.step;

import cmek.client.kms.KeyManagement;
import cmek.client.kms.KeyManagement.Creation;
import cmek.finding.KeyFindings;
import cmek.model.KeyRingName;
import cmek.model.OrganizationId;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.onboarding.PlannedWrite;
import cmek.result.StepOutcome;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Step 1 of the guide: the key ring, in one region, permanently. */
@Singleton
public final class CreateKeyRing {

    private final KeyManagement kms;
    private final OrganizationId organization;
    private final Clock clock;

    @Inject
    public CreateKeyRing(KeyManagement kms, OrganizationId organization, Clock clock) {
        this.kms = kms;
        this.organization = organization;
        this.clock = clock;
    }

    /** Finds the key ring or creates it. */
    public Outcome createKeyRing(Onboarding onboarding) {
        KeyRingName ring = onboarding.key().ring();
        if (kms.keyRingExists(ring)) {
            return new Outcome.Done(onboarding, StepOutcome.FOUND, "key ring " + ring);
        }
        return PlannedWrite.kms(
                        StepOutcome.CREATED,
                        "key ring " + ring,
                        () -> KeyFindings.keyRingNotFound(onboarding.request(), organization.label(), clock.instant()),
                        () -> create(onboarding, ring))
                .apply(onboarding);
    }

    private Outcome create(Onboarding onboarding, KeyRingName ring) {
        // A key ring has nothing that could differ: one that appeared in between is as good as ours.
        StepOutcome outcome = kms.createKeyRing(ring) == Creation.CREATED ? StepOutcome.CREATED : StepOutcome.FOUND;
        return new Outcome.Done(onboarding, outcome, "key ring " + ring);
    }
}
