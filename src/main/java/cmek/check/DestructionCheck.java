package cmek.check;

import cmek.client.kms.CryptoKeyInfo;
import cmek.client.kms.KeyVersionInfo;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.ScanFindings;
import cmek.finding.Severity;
import cmek.model.EventTime;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Whether a version of the key is scheduled for destruction, and what is lost with it. */
@Singleton
public final class DestructionCheck implements ScanCheck {

    @Override
    public int rank() {
        return 110;
    }

    @Override
    public String what() {
        return "destruction";
    }

    @Override
    public String value(CheckSubject subject) {
        return KeyValues.nextDestruction(subject.versions())
                .map(at -> "at " + EventTime.written(at))
                .orElse("");
    }

    @Override
    public String good() {
        return "no destruction scheduled";
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return () -> {
            Optional<KeyVersionInfo> primary = subject.info().flatMap(CryptoKeyInfo::primary);
            SortedMap<Long, Optional<Instant>> scheduled = new TreeMap<>();
            primary.filter(KeyInspection::isDestroyScheduled)
                    .ifPresent(version -> scheduled.put(version.number(), version.destroyTime()));
            boolean ofPrimary = !scheduled.isEmpty();
            others(subject, ofPrimary).stream()
                    .filter(KeyInspection::isDestroyScheduled)
                    .forEach(version -> scheduled.put(version.number(), version.destroyTime()));
            if (scheduled.isEmpty()) {
                return CheckResult.CLEAR;
            }
            KeyUse use = subject.use();
            Finding finding = ScanFindings.destructionScheduled(subject.key(), scheduled, use.lost("would be lost"));
            if (ofPrimary) {
                return CheckResult.warn(finding);
            }
            return use.registered()
                    ? CheckResult.warn(finding.as(use.attached() ? Severity.PROBLEM : Severity.NOTICE))
                    : CheckResult.CLEAR;
        };
    }

    /** What is known of the primary version is told also where the others may not be read. */
    private static List<KeyVersionInfo> others(CheckSubject subject, boolean known) {
        try {
            return subject.versions();
        } catch (PermanentException e) {
            if (known) {
                return List.of();
            }
            throw e;
        }
    }

    @Override
    public boolean alsoWhenRevoked() {
        return true;
    }
}
