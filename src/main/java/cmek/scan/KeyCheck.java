package cmek.scan;

import cmek.check.CheckSubject;
import cmek.check.CheckSubjects;
import cmek.check.KeyChecks;
import cmek.check.KeyDiagnosis;
import cmek.check.KeyUse;
import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.Validation;
import cmek.client.kms.KeyVersionInfo;
import cmek.finding.AnthropicFindings;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.ScanFindings;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.Mode;
import cmek.model.OnboardingRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that can be found out about one registered key: from Cloud KMS in three reads, from Resource Manager in one, and
 * from Anthropic by a round trip through the key. {@link KeyChecks} asks the same of a key that is not attached yet.
 */
@Singleton
public final class KeyCheck {

    /** Whoever revokes a key on purpose says so with this label, and nobody is alarmed. */
    public static final String REVOKED = "cmek-revoked";

    /** How many reads of Cloud KMS one check takes. */
    static final int KMS_READS = 3;

    /** What Cloud KMS itself answers with when nobody can use a key, Anthropic included. */
    private static final Set<Reason> ABOUT_THE_KEY = Set.of(Reason.KMS_API_DISABLED, Reason.BILLING_DISABLED);

    private final AdminApi anthropic;
    private final KeyChecks checks;
    private final CheckSubjects subjects;

    @Inject
    public KeyCheck(AdminApi anthropic, KeyChecks checks, CheckSubjects subjects) {
        this.anthropic = anthropic;
        this.checks = checks;
        this.subjects = subjects;
    }

    /**
     * What was found out about a key.
     *
     * @param findings what is wrong, in no order
     * @param seen what the next check should know of the key; empty where it could not be read or does not exist
     */
    record Look(List<Finding> findings, Optional<KeyUse.Seen> seen) {

        Look {
            findings = List.copyOf(findings);
        }
    }

    /**
     * Checks a key from both sides.
     *
     * @param seenBefore what an earlier check saw of it
     * @param patient whether a side that does not answer may be asked again later; otherwise it is a finding
     * @throws TransientException when {@code patient} and one of the two does not answer
     */
    Look check(RegisteredKey registered, Optional<KeyUse.Seen> seenBefore, boolean patient) {
        CheckSubject subject = subjects.ofKey(asIfAskedFor(registered), registered.use(seenBefore));
        List<Finding> findings = new ArrayList<>(registered.standing());
        boolean revoked = isRevoked(subject);
        KeyDiagnosis seen = revoked ? checks.runOnRevoked(subject, patient) : checks.run(subject, patient);
        if (revoked) {
            findings.add(ScanFindings.revokedOnPurpose(registered.key(), REVOKED));
            findings.addAll(seen.findings());
        } else {
            findings.addAll(roundTrip(registered, seen, patient));
        }
        findings.addAll(unseen(registered.key(), seen));
        return new Look(findings.stream().distinct().toList(), seen(subject, seenBefore));
    }

    /** That the key, or its versions, cannot be read now takes nothing from what was seen before. */
    private static Optional<KeyUse.Seen> seen(CheckSubject subject, Optional<KeyUse.Seen> before) {
        try {
            if (subject.info().isEmpty()) {
                return before;
            }
            long highest = before.map(KeyUse.Seen::highestVersion).orElse(0L);
            for (KeyVersionInfo version : subject.versions()) {
                highest = Math.max(highest, version.number());
            }
            return Optional.of(new KeyUse.Seen(highest));
        } catch (PermanentException | TransientException e) {
            return before;
        }
    }

    /** Where the project is going to be deleted, that is why nothing can be read. */
    private static List<Finding> unseen(CryptoKeyName key, KeyDiagnosis seen) {
        return isGoingAway(seen)
                ? List.of()
                : seen.unseen().stream().map(unseen -> unseen(key, unseen)).toList();
    }

    private static boolean isGoingAway(KeyDiagnosis seen) {
        return seen.findings().stream().anyMatch(finding -> finding.reason() == Reason.PROJECT_DELETE_REQUESTED);
    }

    private static Finding unseen(CryptoKeyName key, KeyDiagnosis.Unseen unseen) {
        return unseen.refusal()
                .map(refusal ->
                        ABOUT_THE_KEY.contains(refusal.reason()) ? refusal : ScanFindings.notReached(key, refusal))
                .orElseGet(() -> ScanFindings.notReached(key, unseen.why()));
    }

    /** What the checks found, with what Anthropic says: a failure that they explain adds no finding. */
    private List<Finding> roundTrip(RegisteredKey registered, KeyDiagnosis seen, boolean patient) {
        List<Finding> findings = new ArrayList<>(seen.findings());
        try {
            if (anthropic.validate(registered.id()) instanceof Validation.Failure failure) {
                List<Finding> causes = FindingOrder.worstFirst(seen.causes());
                if (!causes.isEmpty()) {
                    Finding worst = causes.get(0);
                    findings.set(findings.indexOf(worst), AnthropicFindings.confirmed(worst, failure.anthropicText()));
                } else if (seen.unseen().stream().noneMatch(KeyCheck::isAboutTheKey)) {
                    findings.add(
                            AnthropicFindings.validationFailed(registered.key(), failure.anthropicText(), seen.good()));
                }
            }
        } catch (PermanentException e) {
            findings.add(ScanFindings.notReached(registered.key(), e.finding()));
        } catch (TransientException e) {
            if (patient) {
                throw e;
            }
            findings.add(ScanFindings.notReached(registered.key(), e.reason() + ", " + e.getMessage()));
        }
        return findings;
    }

    private static boolean isAboutTheKey(KeyDiagnosis.Unseen unseen) {
        return unseen.refusal()
                .filter(refusal -> ABOUT_THE_KEY.contains(refusal.reason()))
                .isPresent();
    }

    private static boolean isRevoked(CheckSubject subject) {
        try {
            return subject.info()
                    .filter(key -> "true".equals(key.labels().get(REVOKED)))
                    .isPresent();
        } catch (PermanentException | TransientException e) {
            return false;
        }
    }

    /** The scan asks of a key what a team's request to validate it would ask today. */
    private static OnboardingRequest asIfAskedFor(RegisteredKey registered) {
        return new OnboardingRequest(
                registered.id().value(),
                Mode.VALIDATE,
                registered.key(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                registered.displayName(),
                Optional.empty(),
                false);
    }
}
