package cmek.config;

import cmek.model.RepairMode;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How keys are checked.
 *
 * @param concurrency how many at a time, in one process
 * @param deadline how long after its beginning a scan is reported on at the latest
 * @param kmsReadsPerMinute in one process; empty means as many as come
 * @param ownServiceAccounts whose labels and bindings on a key are an onboarding at work
 */
public record ScanSettings(
        int concurrency,
        Duration deadline,
        OptionalInt kmsReadsPerMinute,
        RepairMode repair,
        Set<String> ownServiceAccounts) {

    public ScanSettings {
        ownServiceAccounts = Set.copyOf(ownServiceAccounts);
    }
}
