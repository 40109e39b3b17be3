package cmek.check;

import cmek.check.CheckEntry.Result;
import cmek.check.KeyDiagnosis.Unseen;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.Severity;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import io.quarkus.arc.All;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Runs every check of a registered key: in each scan, and when Anthropic says that it cannot use the key. That one thing
 * cannot be read says nothing about the others.
 */
@Singleton
public final class KeyChecks {

    private final List<ScanCheck> checks;

    @Inject
    public KeyChecks(@All List<ScanCheck> checks) {
        this.checks =
                checks.stream().sorted(Comparator.comparingInt(Check::rank)).toList();
    }

    /**
     * Runs all of them.
     *
     * @param patient whether an API that does not answer may be asked again later; otherwise that is noted as unseen
     * @throws TransientException when {@code patient} and an API does not answer
     */
    public KeyDiagnosis run(CheckSubject subject, boolean patient) {
        boolean absent = isAbsent(subject);
        return run(checks.stream().filter(check -> !absent || !check.needsKey()).toList(), subject, patient);
    }

    /** Runs those that matter of a key that was revoked on purpose. */
    public KeyDiagnosis runOnRevoked(CheckSubject subject, boolean patient) {
        return run(checks.stream().filter(ScanCheck::alsoWhenRevoked).toList(), subject, patient);
    }

    /**
     * How many reads of Cloud KMS they make beside those that the subject has for all of them.
     *
     * @param since what was read earlier for other keys does not count
     */
    public int kmsReads(CryptoKeyName key, Instant since) {
        return checks.stream().mapToInt(check -> check.kmsReads(key, since)).sum();
    }

    private static KeyDiagnosis run(List<ScanCheck> checks, CheckSubject subject, boolean patient) {
        List<Finding> findings = new ArrayList<>();
        List<String> good = new ArrayList<>();
        List<Unseen> unseen = new ArrayList<>();
        List<CheckEntry> entries = new ArrayList<>();
        for (ScanCheck check : checks) {
            try {
                List<Finding> found = check.begin(subject).get().findings();
                findings.addAll(found);
                check.good(subject, found).ifPresent(good::add);
                entries.add(new CheckEntry(check.what(), result(found), value(check, subject)));
            } catch (PermanentException e) {
                entries.add(
                        new CheckEntry(check.what(), Result.UNKNOWN, e.finding().message()));
                unseen.add(new Unseen(
                        check.good(), Optional.of(e.finding()), e.finding().message()));
            } catch (TransientException e) {
                if (patient) {
                    throw e;
                }
                String why = e.reason() + ", " + e.getMessage();
                entries.add(new CheckEntry(check.what(), Result.UNKNOWN, why));
                unseen.add(new Unseen(check.good(), Optional.empty(), why));
            }
        }
        return new KeyDiagnosis(findings, good, unseen, entries);
    }

    private static Result result(List<Finding> found) {
        boolean unknown = found.stream().anyMatch(finding -> finding.reason() == Reason.PRINCIPALS_UNKNOWN);
        boolean failed = found.stream()
                .anyMatch(finding ->
                        finding.reason() != Reason.PRINCIPALS_UNKNOWN && finding.severity() != Severity.NOTICE);
        return failed ? Result.FAILED : unknown ? Result.UNKNOWN : Result.PASSED;
    }

    /** Of what the check read; a read that it could do without may fail here, and says nothing. */
    private static String value(ScanCheck check, CheckSubject subject) {
        try {
            return check.value(subject);
        } catch (PermanentException | TransientException e) {
            return "";
        }
    }

    /** What cannot be read now is not known to be absent. */
    private static boolean isAbsent(CheckSubject subject) {
        try {
            return subject.info().isEmpty();
        } catch (PermanentException | TransientException e) {
            return false;
        }
    }
}
