package cmek.check;

import cmek.finding.Severity;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Supplier;

/** Whether every version that Anthropic's data may be encrypted under can be used. */
@Singleton
public final class OlderVersionsCheck implements ScanCheck {

    private final KeyInspection keys;

    @Inject
    public OlderVersionsCheck(KeyInspection keys) {
        this.keys = keys;
    }

    @Override
    public int rank() {
        return 130;
    }

    @Override
    public String what() {
        return "versions";
    }

    @Override
    public String value(CheckSubject subject) {
        return KeyValues.versions(subject.versions());
    }

    @Override
    public String good() {
        return "older versions enabled";
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return () -> {
            KeyUse use = subject.use();
            if (!use.registered() || subject.info().isEmpty()) {
                return CheckResult.CLEAR;
            }
            return CheckResult.warn(
                    keys.olderVersions(subject.key(), subject.info().get().primary(), subject.versions()).stream()
                            .map(finding -> use.attached() ? finding : finding.as(Severity.NOTICE))
                            .toList());
        };
    }
}
