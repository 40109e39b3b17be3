package cmek.check;

import cmek.finding.Reason;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Supplier;

/** Whether the key's purpose, algorithm, protection level and primary version are as Anthropic needs them. */
@Singleton
public final class UsabilityCheck implements ScanCheck {

    private final KeyInspection keys;

    @Inject
    public UsabilityCheck(KeyInspection keys) {
        this.keys = keys;
    }

    @Override
    public int rank() {
        return 120;
    }

    @Override
    public String good() {
        return "purpose, algorithm, protection level, primary version";
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        // A scheduled destruction has its own finding, with its deadline and what is lost, for the primary version too.
        return () -> subject.info()
                .map(info -> CheckResult.warn(keys.usability(info, subject.request()).stream()
                        .filter(finding -> finding.reason() != Reason.KEY_VERSION_DESTROY_SCHEDULED)
                        .toList()))
                .orElse(CheckResult.CLEAR);
    }
}
