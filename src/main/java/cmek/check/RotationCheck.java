package cmek.check;

import cmek.client.kms.CryptoKeyInfo;
import cmek.finding.ScanFindings;
import cmek.model.EventTime;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;

/** Whether a rotation that should have happened did. */
@Singleton
public final class RotationCheck implements ScanCheck {

    /** Cloud KMS rotates some time after it is due. */
    private static final Duration GRACE = Duration.ofDays(1);

    private final Clock clock;

    @Inject
    public RotationCheck(Clock clock) {
        this.clock = clock;
    }

    @Override
    public int rank() {
        return 150;
    }

    @Override
    public String what() {
        return "rotation";
    }

    @Override
    public String value(CheckSubject subject) {
        return subject.info()
                .map(key -> key.rotationPeriod()
                                .map(period -> "every " + KeyValues.days(period))
                                .orElse("not automatic")
                        + key.nextRotationTime()
                                .map(next -> ", next at " + EventTime.written(next))
                                .orElse(""))
                .orElse("");
    }

    @Override
    public String good() {
        return "rotation";
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return () -> subject.info()
                .flatMap(CryptoKeyInfo::nextRotationTime)
                .filter(due -> due.isBefore(clock.instant().minus(GRACE)))
                .map(due -> CheckResult.warn(ScanFindings.rotationOverdue(subject.key(), due)))
                .orElse(CheckResult.CLEAR);
    }
}
