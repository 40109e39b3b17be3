package cmek.check;

import cmek.client.kms.CryptoKeyInfo;
import cmek.client.kms.KeyVersionInfo;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.Severity;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
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
    public String what() {
        return "primaryVersion";
    }

    @Override
    public String value(CheckSubject subject) {
        return subject.info()
                .map(key -> key.purpose() + ", " + key.algorithm()
                        + key.primary()
                                .map(version -> ", version " + version.number() + " " + version.state())
                                .orElse(", no primary version"))
                .orElse("");
    }

    @Override
    public String good() {
        return "purpose, algorithm, protection level, primary version";
    }

    /** For a primary version that is destroyed. */
    @Override
    public boolean alsoWhenRevoked() {
        return true;
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return () -> {
            Optional<CryptoKeyInfo> info = subject.info();
            // A scheduled destruction has its own finding, with its deadline and what is lost, for the primary version
            // too.
            return info.map(key -> CheckResult.warn(keys.usability(key, subject.request(), subject::versions).stream()
                            .filter(finding -> finding.reason() != Reason.KEY_VERSION_DESTROY_SCHEDULED)
                            .map(finding -> inUse(finding, key, subject))
                            .toList()))
                    .orElse(CheckResult.CLEAR);
        };
    }

    /** What a finding means for the data that lies under the key. */
    private static Finding inUse(Finding finding, CryptoKeyInfo key, CheckSubject subject) {
        return switch (finding.reason()) {
            case KEY_VERSION_NOT_READY -> subject.use().attached() ? finding : finding.as(Severity.NOTICE);
            case KEY_VERSION_DESTROYED -> {
                KeyUse use = subject.use();
                boolean before = key.primary()
                        .flatMap(KeyVersionInfo::destroyEventTime)
                        .filter(use::isBefore)
                        .isPresent();
                String lost = before ? "" : use.lost("is lost");
                yield lost.isEmpty() ? finding : finding.message(finding.message() + "; " + lost);
            }
            default -> finding;
        };
    }
}
