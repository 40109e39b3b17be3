package cmek.check;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Supplier;

/** Whether every version that data may be wrapped under can be used. */
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
    public String good() {
        return "older versions";
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return () -> subject.info()
                .map(info -> CheckResult.warn(keys.olderVersions(
                        info.name(),
                        info.primary(),
                        subject.versions().stream()
                                .filter(version -> !KeyInspection.isDestroyScheduled(version))
                                .toList())))
                .orElse(CheckResult.CLEAR);
    }
}
