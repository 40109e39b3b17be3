package cmek.config;

import cmek.model.RepairMode;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How keys are checked.
 *
 * @param concurrency how many keys at a time, in one process
 * @param deadline how long after its start a scan is reported on at the latest
 * @param kmsReadsPerMinute in one process; empty means unlimited
 * @param repairAfter how long ago a loss must have been seen first before it is restored
 * @param listingInterval for how long the changes of keys share one reading of Anthropic's lists
 * @param ownServiceAccounts whose changes to labels and bindings of a key are part of an onboarding
 */
public record ScanSettings(
        int concurrency,
        Duration deadline,
        OptionalInt kmsReadsPerMinute,
        RepairMode repair,
        Duration repairAfter,
        Duration listingInterval,
        Set<String> ownServiceAccounts) {

    public ScanSettings {
        ownServiceAccounts = Set.copyOf(ownServiceAccounts);
    }
}
