package cmek.onboarding.step;

import cmek.check.InheritedPolicies;
import cmek.check.InheritedReads;
import cmek.check.InheritedReads.Reach;
import cmek.check.KeyInspection;
import cmek.check.PrincipalInspection;
import cmek.client.kms.KeyManagement;
import cmek.client.kms.KeyPolicy;
import cmek.finding.Finding;
import cmek.finding.KeyFindings;
import cmek.finding.ProjectFindings;
import cmek.finding.Reason;
import cmek.finding.Severity;
import cmek.finding.TransientException;
import cmek.model.AnthropicPrincipal;
import cmek.model.CryptoKeyName;
import cmek.model.Mode;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.onboarding.PlannedWrite;
import cmek.result.StepOutcome;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/** Step 3 of the guide: both roles for Anthropic's service account, on the key itself and on nothing else. */
@Singleton
public final class GrantAccess {

    /** Somebody else writing the same policy is rare; five in a row means that two programs fight. */
    private static final int WRITES_AT_MOST = 5;

    private final KeyManagement kms;
    private final KeyInspection inspection;
    private final PrincipalInspection principals;
    private final InheritedPolicies inherited;
    private final Clock clock;

    @Inject
    public GrantAccess(
            KeyManagement kms,
            KeyInspection inspection,
            PrincipalInspection principals,
            InheritedPolicies inherited,
            Clock clock) {
        this.kms = kms;
        this.inspection = inspection;
        this.principals = principals;
        this.inherited = inherited;
        this.clock = clock;
    }

    /** Grants what is missing of the two roles, in one write. */
    public Outcome grantAccess(Onboarding onboarding) {
        CryptoKeyName key = onboarding.key();
        // Only a plan may come here for a key that is not there: it would have been created by now.
        if (onboarding.request().mode() == Mode.PLAN && kms.cryptoKey(key).isEmpty()) {
            return change(onboarding, List.of(), () -> kms.policy(key), inherited.afresh())
                    .apply(onboarding);
        }
        InheritedReads above = inherited.begin(key, Reach.PROJECT);
        KeyPolicy policy = kms.policy(key);
        List<Finding> unexpected = unexpected(key, policy, above);
        if (isBlocked(unexpected)) {
            return new Outcome.Refused(unexpected.get(0));
        }
        Onboarding warned = onboarding;
        for (Finding finding : unexpected) {
            warned = warned.withWarning(finding);
        }
        for (Finding dead : inspection.deadBindings(key, policy.withAnthropic())) {
            warned = warned.withWarning(dead);
        }
        List<Finding> lacking = inspection.grant(key, policy);
        return lacking.isEmpty()
                ? found(warned)
                : change(warned, lacking, () -> policy, above).apply(warned);
    }

    private PlannedWrite change(
            Onboarding onboarding, List<Finding> lacking, Supplier<KeyPolicy> read, InheritedReads above) {
        return PlannedWrite.kms(
                StepOutcome.GRANTED,
                granted(onboarding.key()),
                () -> lacking.get(0),
                () -> grant(onboarding, read.get(), above));
    }

    /** The policy as it was read will do for the first write: its etag says whether it still holds. */
    private Outcome grant(Onboarding onboarding, KeyPolicy read, InheritedReads above) {
        CryptoKeyName key = onboarding.key();
        KeyPolicy policy = read;
        for (int write = 0; write < WRITES_AT_MOST; write++) {
            if (inspection.grant(key, policy).isEmpty()) {
                return found(onboarding);
            }
            List<Finding> unexpected = unexpected(key, policy, above);
            if (isBlocked(unexpected)) {
                return new Outcome.Refused(unexpected.get(0));
            }
            if (kms.writePolicy(key, policy.withAnthropic())) {
                return confirmed(onboarding, policy);
            }
            policy = kms.policy(key);
        }
        throw new TransientException(
                Reason.BUSY,
                "the policy of " + key + " was changed by others " + WRITES_AT_MOST + " times in a row",
                null);
    }

    /**
     * Under domain restricted sharing a grant may be taken and stripped without a word.
     *
     * @param before what was read before the write; if the same comes again, the read lags behind and says nothing
     */
    private Outcome confirmed(Onboarding onboarding, KeyPolicy before) {
        CryptoKeyName key = onboarding.key();
        KeyPolicy after = kms.policy(key);
        boolean stripped = !inspection.grant(key, after).isEmpty() && !after.isOfSameRevisionAs(before);
        return stripped
                ? new Outcome.Refused(ProjectFindings.grantStripped(key))
                : new Outcome.Done(onboarding.withChangedAt(clock.instant()), StepOutcome.GRANTED, granted(key));
    }

    /**
     * Who else can decrypt, worst first: what the check of the prerequisites saw may have changed since. What it could not
     * determine it has said.
     */
    private List<Finding> unexpected(CryptoKeyName key, KeyPolicy policy, InheritedReads above) {
        return KeyFindings.unexpectedPrincipals(
                        key,
                        principals
                                .inspect(key, policy.bindings(), above, Reach.PROJECT)
                                .principals())
                .stream()
                .filter(finding -> finding.severity() != Severity.NOTICE)
                .toList();
    }

    private static boolean isBlocked(List<Finding> unexpected) {
        return !unexpected.isEmpty() && unexpected.get(0).severity() == Severity.BLOCKING;
    }

    private static Outcome found(Onboarding onboarding) {
        return new Outcome.Done(onboarding, StepOutcome.FOUND, granted(onboarding.key()));
    }

    private static String granted(CryptoKeyName key) {
        return "both roles of " + AnthropicPrincipal.EMAIL + " on " + key;
    }
}
