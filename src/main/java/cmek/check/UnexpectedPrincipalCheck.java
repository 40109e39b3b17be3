package cmek.check;

import cmek.finding.Finding;
import cmek.finding.KeyFindings;
import cmek.model.CryptoKeyName;
import cmek.model.UnexpectedPrincipal;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether somebody else can decrypt with the key. */
@Singleton
public final class UnexpectedPrincipalCheck implements PrerequisiteCheck, ScanCheck {

    private final KeyInspection keys;

    @Inject
    public UnexpectedPrincipalCheck(KeyInspection keys) {
        this.keys = keys;
    }

    @Override
    public int rank() {
        return 70;
    }

    @Override
    public String good() {
        return "nobody else can decrypt";
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return () -> subject.state() instanceof KeyState.Present present
                ? check(subject.key(), keys.unexpectedPrincipals(subject.key(), present.policy()))
                : CheckResult.CLEAR;
    }

    /** The worst of them refuses where it is blocking; the others are told beside it. */
    private static CheckResult check(CryptoKeyName key, List<UnexpectedPrincipal> principals) {
        List<Finding> findings = principals.stream()
                .map(principal -> KeyFindings.unexpectedPrincipal(key, principal))
                .toList();
        return principals.stream().anyMatch(UnexpectedPrincipal::isBlocking)
                ? new CheckResult(Optional.of(findings.get(0)), findings.subList(1, findings.size()))
                : CheckResult.warn(findings);
    }
}
