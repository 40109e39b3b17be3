package cmek.check;

import cmek.finding.ScanFindings;
import jakarta.inject.Singleton;
import java.time.Instant;
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
    public String good() {
        return "no destruction scheduled";
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return () -> {
            SortedMap<Long, Optional<Instant>> scheduled = new TreeMap<>();
            subject.versions().stream()
                    .filter(KeyInspection::isDestroyScheduled)
                    .forEach(version -> scheduled.put(version.number(), version.destroyTime()));
            return scheduled.isEmpty()
                    ? CheckResult.CLEAR
                    : CheckResult.warn(
                            ScanFindings.destructionScheduled(subject.key(), scheduled, subject.workspaces()));
        };
    }
}
