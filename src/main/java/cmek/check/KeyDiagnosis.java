package cmek.check;

import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.Severity;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the checks of a key saw.
 *
 * @param findings what is wrong, by the ranks of the checks
 * @param good what was checked and is as it must be, a few words each
 * @param unseen what could not be checked, and why; neither wrong nor good
 * @param checks each check with what it came to, by their ranks
 */
public record KeyDiagnosis(List<Finding> findings, List<String> good, List<Unseen> unseen, List<CheckEntry> checks) {

    /** What keeps Anthropic from using a key, so that its failed validation needs no other explanation. */
    private static final Set<Reason> EXPLAINING = Set.of(
            Reason.PROJECT_DELETE_REQUESTED,
            Reason.KMS_API_DISABLED,
            Reason.BILLING_DISABLED,
            Reason.KEY_NOT_FOUND,
            Reason.KEY_DELETED,
            Reason.KEY_PURPOSE_DIFFERS,
            Reason.KEY_ALGORITHM_DIFFERS,
            Reason.KEY_WITHOUT_PRIMARY,
            Reason.KEY_VERSION_DISABLED,
            Reason.KEY_VERSION_DESTROYED,
            Reason.KEY_VERSION_NOT_READY,
            Reason.KEY_VERSION_GENERATION_FAILED,
            Reason.KEY_ACCESS_JUSTIFICATIONS,
            Reason.LABEL_MISSING,
            Reason.BINDING_MISSING,
            Reason.BINDING_CONDITIONAL);

    public KeyDiagnosis {
        findings = List.copyOf(findings);
        good = List.copyOf(good);
        unseen = List.copyOf(unseen);
        checks = List.copyOf(checks);
    }

    /**
     * Something that could not be checked.
     *
     * @param what in a few words
     * @param refusal what the API said, where it refused
     * @param why the same in a few words, or that there was no answer
     */
    public record Unseen(String what, Optional<Finding> refusal, String why) {

        @Override
        public String toString() {
            return what + " (" + why + ")";
        }
    }

    /** What explains that Anthropic cannot use the key. */
    public List<Finding> causes() {
        return findings.stream().filter(KeyDiagnosis::explains).toList();
    }

    /** What does not explain it, and is told all the same. */
    public List<Finding> besides() {
        return findings.stream().filter(finding -> !explains(finding)).toList();
    }

    /** Whether nobody can use the key while this is so. */
    public static boolean explains(Finding finding) {
        if (finding.reason() == Reason.KEY_VERSION_DESTROY_SCHEDULED) {
            // Of an older version it keeps nobody from using the key.
            return finding.severity() == Severity.BLOCKING;
        }
        return EXPLAINING.contains(finding.reason()) && finding.severity() != Severity.NOTICE;
    }
}
