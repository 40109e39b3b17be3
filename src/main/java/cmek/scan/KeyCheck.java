package cmek.scan;

import cmek.check.CheckEntry;
import cmek.check.CheckEntry.Result;
import cmek.check.CheckSubject;
import cmek.check.CheckSubjects;
import cmek.check.DenyPolicyLookup;
import cmek.check.KeyChecks;
import cmek.check.KeyDiagnosis;
import cmek.check.KeyUse;
import cmek.check.KeyValidation;
import cmek.check.KeyValues;
import cmek.client.anthropic.Validation;
import cmek.client.kms.CryptoKeyInfo;
import cmek.client.kms.KeyVersionInfo;
import cmek.finding.Actor;
import cmek.finding.AnthropicFindings;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.ScanFindings;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.EventTime;
import cmek.model.Mode;
import cmek.model.OnboardingRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Everything that can be found out about one registered key: from Cloud KMS in three reads and one for all keys of a ring,
 * from Resource Manager in some for all keys of a project, and from Anthropic by a round trip through the key.
 * {@link KeyChecks} asks the same of a key that is not attached yet.
 */
@Singleton
public final class KeyCheck {

    /** Whoever revokes a key on purpose says so with this label, and nobody is alarmed. */
    public static final String REVOKED = "cmek-revoked";

    /** How many reads of Cloud KMS every check of a key takes. */
    private static final int KMS_READS = 3;

    /** What is told of a key that was revoked on purpose: data that is lost or will be, and who else can decrypt. */
    private static final Set<Reason> DESPITE_REVOCATION = Set.of(
            Reason.KEY_DELETED,
            Reason.KEY_NOT_FOUND,
            Reason.KEY_VERSION_DESTROYED,
            Reason.KEY_VERSION_DESTROY_SCHEDULED,
            Reason.OLD_VERSION_LOST,
            Reason.PRINCIPALS_UNKNOWN,
            Reason.PROJECT_DELETE_REQUESTED,
            Reason.UNEXPECTED_PRINCIPAL);

    private static final Set<String> SWITCHED_OFF = Set.of("DISABLED", "DESTROY_SCHEDULED");

    /** What Cloud KMS itself answers with when nobody can use a key, Anthropic included. */
    private static final Set<Reason> ABOUT_THE_KEY = Set.of(Reason.KMS_API_DISABLED, Reason.BILLING_DISABLED);

    private final KeyValidation validation;
    private final DenyPolicyLookup denyPolicies;
    private final KeyChecks checks;
    private final CheckSubjects subjects;
    private final Clock clock;

    @Inject
    public KeyCheck(
            KeyValidation validation,
            DenyPolicyLookup denyPolicies,
            KeyChecks checks,
            CheckSubjects subjects,
            Clock clock) {
        this.validation = validation;
        this.denyPolicies = denyPolicies;
        this.checks = checks;
        this.subjects = subjects;
        this.clock = clock;
    }

    /**
     * What was found out about a key.
     *
     * @param findings what is wrong, in no order
     * @param seen what the next check should know of the key; empty where it could not be read or does not exist
     * @param repairable whether nobody can have switched the key off on purpose
     * @param oldestRead when the oldest was read of what it shares with the checks of other keys
     * @param checks each check and what it saw
     * @param labels of the key
     * @param destroysAt when the first scheduled destruction of a version becomes final
     */
    record Look(
            List<Finding> findings,
            Optional<KeyUse.Seen> seen,
            boolean repairable,
            Instant oldestRead,
            List<CheckEntry> checks,
            Map<String, String> labels,
            Optional<Instant> destroysAt) {

        Look {
            findings = List.copyOf(findings);
            checks = List.copyOf(checks);
            labels = Map.copyOf(labels);
        }
    }

    /**
     * Checks a key from both sides.
     *
     * @param seenBefore what an earlier check saw of it
     * @param patient whether a side that does not answer may be asked again later; otherwise it is a finding
     * @param since what was read earlier of the key's ring and project, for other keys, is read again
     * @throws TransientException when {@code patient} and one of the two does not answer
     */
    Look check(RegisteredKey registered, Optional<KeyUse.Seen> seenBefore, boolean patient, Instant since) {
        CheckSubject subject = subjects.ofKey(asIfAskedFor(registered), registered.use(seenBefore), since);
        List<Finding> findings = new ArrayList<>(registered.standing());
        List<CheckEntry> entries = new ArrayList<>();
        Optional<String> revoked = revoked(subject);
        if (revoked.isPresent()) {
            KeyDiagnosis seen = checks.runOnRevoked(subject, patient);
            entries.addAll(seen.checks());
            entries.add(new CheckEntry(
                    CheckEntry.ROUND_TRIP, Result.UNKNOWN, "not asked: the key is labelled as revoked on purpose"));
            findings.add(ScanFindings.revokedOnPurpose(registered.key(), REVOKED, revoked.get()));
            seen.findings().stream()
                    .filter(finding -> DESPITE_REVOCATION.contains(finding.reason()))
                    .forEach(findings::add);
            findings.addAll(unseen(registered.key(), seen, false));
        } else {
            KeyDiagnosis seen = checks.run(subject, patient);
            entries.addAll(seen.checks());
            Instant asked = clock.instant();
            Optional<Validation> answer = roundTrip(registered, findings, patient);
            entries.add(entry(answer, asked, Duration.between(asked, clock.instant())));
            findings.addAll(
                    answer.isPresent() && answer.get() instanceof Validation.Failure failure
                            ? explained(subject, seen, failure.anthropicText())
                            : seen.findings());
            findings.addAll(unseen(
                    registered.key(),
                    seen,
                    answer.filter(Validation.Success.class::isInstance).isPresent()));
        }
        return new Look(
                findings.stream().distinct().toList(),
                seen(subject, seenBefore),
                revoked.isEmpty() && isSwitchedOn(subject),
                subject.oldestRead(),
                entries,
                seen(() -> subject.info().map(CryptoKeyInfo::labels)).orElse(Map.of()),
                seen(() -> KeyValues.nextDestruction(subject.versions())));
    }

    private static CheckEntry entry(Optional<Validation> answer, Instant asked, Duration took) {
        String when = ", asked at " + EventTime.written(asked) + ", answered in " + took.toMillis() + " ms";
        return answer.map(given -> given instanceof Validation.Success
                        ? new CheckEntry(
                                CheckEntry.ROUND_TRIP,
                                Result.PASSED,
                                "Anthropic encrypted and decrypted with the key" + when)
                        : new CheckEntry(CheckEntry.ROUND_TRIP, Result.FAILED, "Anthropic cannot use the key" + when))
                .orElseGet(() -> new CheckEntry(
                        CheckEntry.ROUND_TRIP,
                        Result.UNKNOWN,
                        "Anthropic did not answer, asked at " + EventTime.written(asked)));
    }

    /** What could not be read was said where it was needed. */
    private static <T> Optional<T> seen(Supplier<Optional<T>> read) {
        try {
            return read.get();
        } catch (PermanentException | TransientException e) {
            return Optional.empty();
        }
    }

    /** That the key, or its versions, cannot be read now takes nothing from what was seen before. */
    private static Optional<KeyUse.Seen> seen(CheckSubject subject, Optional<KeyUse.Seen> before) {
        return seen(() -> subject.info()
                        .map(present -> subject.versions().stream()
                                .mapToLong(KeyVersionInfo::number)
                                .reduce(before.map(KeyUse.Seen::highestVersion).orElse(0L), Math::max))
                        .map(KeyUse.Seen::new))
                .or(() -> before);
    }

    /**
     * What could not be read. Where the project is going to be deleted, that is why.
     *
     * @param usable whether Anthropic can use the key
     */
    private static List<Finding> unseen(CryptoKeyName key, KeyDiagnosis seen, boolean usable) {
        return isGoingAway(seen)
                ? List.of()
                : seen.unseen().stream()
                        .map(unseen -> unseen(key, unseen, usable))
                        .toList();
    }

    private static boolean isGoingAway(KeyDiagnosis seen) {
        return seen.findings().stream().anyMatch(finding -> finding.reason() == Reason.PROJECT_DELETE_REQUESTED);
    }

    private static Finding unseen(CryptoKeyName key, KeyDiagnosis.Unseen unseen, boolean usable) {
        return unseen.refusal()
                .map(refusal -> isAboutTheKey(refusal, usable) ? refusal : ScanFindings.notReached(key, refusal))
                .orElseGet(() -> ScanFindings.notReached(key, unseen.why()));
    }

    /** Google names the project that it counts our call against, which may be our own: then Anthropic can use the key. */
    private static boolean isAboutTheKey(Finding refusal, boolean usable) {
        return ABOUT_THE_KEY.contains(refusal.reason()) && !(usable && refusal.actor() == Actor.OPERATOR);
    }

    /** What Anthropic says; empty where it gives no answer, which is a finding. */
    private Optional<Validation> roundTrip(RegisteredKey registered, List<Finding> findings, boolean patient) {
        try {
            return Optional.of(validation.validate(registered.id()));
        } catch (PermanentException e) {
            findings.add(ScanFindings.notReached(registered.key(), e.finding()));
        } catch (TransientException e) {
            if (patient) {
                throw e;
            }
            findings.add(ScanFindings.notReached(registered.key(), e.reason() + ", " + e.getMessage()));
        }
        return Optional.empty();
    }

    /** What was found and why Anthropic cannot use the key. A failure that our own checks explain adds no finding. */
    private List<Finding> explained(CheckSubject subject, KeyDiagnosis seen, String anthropicText) {
        List<Finding> findings = new ArrayList<>(seen.findings());
        List<Finding> causes = FindingOrder.worstFirst(seen.causes());
        if (!causes.isEmpty()) {
            Finding worst = causes.get(0);
            findings.set(findings.indexOf(worst), AnthropicFindings.confirmed(worst, anthropicText));
        } else if (seen.unseen().stream().noneMatch(KeyCheck::isAboutTheKey)) {
            // Deny policies are read only where nothing else explains the failure.
            DenyPolicyLookup.Result denied = denyPolicies.inspect(subject);
            findings.add(
                    denied.certain().isEmpty()
                            ? AnthropicFindings.validationFailed(
                                    subject.key(), anthropicText, seen.good(), denied.unseen())
                            : AnthropicFindings.confirmed(denied.certain().get(0), anthropicText));
        }
        return findings;
    }

    /** How many reads of Cloud KMS a check takes now. */
    int kmsReads(CryptoKeyName key, Instant since) {
        return KMS_READS + checks.kmsReads(key, since);
    }

    private static boolean isAboutTheKey(KeyDiagnosis.Unseen unseen) {
        return unseen.refusal().filter(refusal -> isAboutTheKey(refusal, false)).isPresent();
    }

    /** The value of the label by which the key is revoked: whoever is in a hurry may write any but {@code false}. */
    private static Optional<String> revoked(CheckSubject subject) {
        return seen(() -> subject.info()
                        .flatMap(key -> Optional.ofNullable(key.labels().get(REVOKED))))
                .filter(value -> !value.equals("false"));
    }

    /** Whether the key is there and no version of it is disabled or going to be destroyed; not where that cannot be read. */
    private static boolean isSwitchedOn(CheckSubject subject) {
        return seen(() -> subject.info()
                        .map(present -> subject.versions().stream()
                                .map(KeyVersionInfo::state)
                                .noneMatch(SWITCHED_OFF::contains)))
                .orElse(false);
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
                // Not its name at Anthropic, which may be any text.
                registered.id().value(),
                Optional.empty(),
                false);
    }
}
