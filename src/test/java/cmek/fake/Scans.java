package cmek.fake;

import cmek.config.ScanSettings;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.RepairMode;
import cmek.scan.KeyToScan;
import cmek.scan.RegisteredKey;
import cmek.scan.RegisteredKey.WorkspaceUse;
import cmek.scan.RunId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A scan and a key of it, for tests to start from. */
public final class Scans {

    public static final RunId RUN = RunId.ofScan(Sample.NOW, "7421");
    public static final ExternalKeyId ID = new ExternalKeyId("ekey_01payments");
    public static final String OURS = "cmek-grant-access@acme-cmek.iam.gserviceaccount.com";
    public static final ScanSettings OBSERVING = settings(RepairMode.OBSERVE);
    public static final ScanSettings REPAIRING = settings(RepairMode.REPAIR);

    private Scans() {}

    private static ScanSettings settings(RepairMode repair) {
        return new ScanSettings(
                4,
                Duration.ofHours(1),
                OptionalInt.empty(),
                repair,
                Duration.ofHours(20),
                Duration.ofMinutes(1),
                Set.of(OURS));
    }

    /** The sample's key, attached to the sample's workspace. */
    public static RegisteredKey registered() {
        return new RegisteredKey(
                ID,
                "Payments production",
                Sample.KEY,
                true,
                List.of(new WorkspaceUse(Sample.WORKSPACE, "Payments", false)),
                List.of());
    }

    public static KeyToScan toInspect(RunId run) {
        return new KeyToScan(run, registered(), Sample.NOW.plus(Duration.ofMinutes(30)), Optional.empty());
    }

    /** The sample's key as it must be. */
    public static KmsInProcess healthy(InstantSource clock) {
        return healthy(new KmsInProcess(clock), Sample.KEY);
    }

    /** Another key, as it must be. */
    public static KmsInProcess healthy(KmsInProcess kms, CryptoKeyName key) {
        return kms.withKey(key, Sample.LABELS).withPolicy(key, Sample.GRANTED);
    }
}
