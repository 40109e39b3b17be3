package cmek.check;

import cmek.finding.KeyFindings;
import cmek.model.CryptoKeyName;
import cmek.model.UnexpectedPrincipal;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Supplier;

/** Whether somebody else can decrypt with the key. */
@Singleton
public final class UnexpectedPrincipalCheck implements Check {

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
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return () -> subject.state() instanceof KeyState.Present present
                ? check(subject.key(), keys.unexpectedPrincipals(subject.key(), present.policy()))
                : CheckResult.CLEAR;
    }

    private static CheckResult check(CryptoKeyName key, List<UnexpectedPrincipal> principals) {
        return principals.stream()
                .filter(UnexpectedPrincipal::isBlocking)
                .findFirst()
                .map(principal -> CheckResult.refuse(KeyFindings.unexpectedPrincipal(key, principal)))
                .orElseGet(() -> CheckResult.warn(principals.stream()
                        .map(principal -> KeyFindings.unexpectedPrincipal(key, principal))
                        .toList()));
    }
}
