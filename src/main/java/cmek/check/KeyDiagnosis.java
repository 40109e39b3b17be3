package cmek.check;

import cmek.finding.Finding;
import java.util.List;
import java.util.Optional;

/**
 * What an inspection saw.
 *
 * @param findings what is wrong, worst first
 * @param good what was checked and is as it must be, a few words each
 * @param unseen what could not be checked, and why; neither wrong nor good
 */
public record KeyDiagnosis(List<Finding> findings, List<String> good, List<String> unseen) {

    public KeyDiagnosis {
        findings = List.copyOf(findings);
        good = List.copyOf(good);
        unseen = List.copyOf(unseen);
    }

    public Optional<Finding> worst() {
        return findings.stream().findFirst();
    }
}
