package cmek.fake;

import cmek.client.kms.CryptoKeyFacts;
import cmek.client.kms.KeyVersionFacts;
import cmek.config.NightSettings;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.RepairMode;
import cmek.scan.KeyToInspect;
import cmek.scan.RegisteredKey;
import cmek.scan.RegisteredKey.WorkspaceUse;
import cmek.scan.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A night and a key of it, for tests to start from. */
public final class Nights {

    public static final RunId RUN = RunId.ofNight(Sample.NOW, "7421");
    public static final ExternalKeyId ID = new ExternalKeyId("ekey_01payments");
    public static final String OURS = "cmek-grant-access@acme-cmek.iam.gserviceaccount.com";
    public static final NightSettings OBSERVING = settings(RepairMode.OBSERVE);
    public static final NightSettings REPAIRING = settings(RepairMode.REPAIR);

    private Nights() {}

    private static NightSettings settings(RepairMode repair) {
        return new NightSettings(4, Duration.ofHours(1), OptionalInt.empty(), repair, Set.of(OURS));
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

    public static KeyToInspect toInspect(RunId run) {
        return new KeyToInspect(run, registered(), Sample.NOW.plus(Duration.ofMinutes(30)), Optional.empty());
    }

    /** The sample's key as it must be. */
    public static FakeKms healthy() {
        return healthy(new FakeKms(), Sample.KEY);
    }

    /** Another key, as it must be. */
    public static FakeKms healthy(FakeKms kms, CryptoKeyName key) {
        return kms.withKey(key, Sample.LABELS, any -> any).withPolicy(key, Sample.GRANTED);
    }

    public static KeyVersionFacts version(long number, String state) {
        return version(number, state, Optional.empty());
    }

    public static KeyVersionFacts version(long number, String state, Optional<Instant> destroyTime) {
        return new KeyVersionFacts(number, state, "HSM", "GOOGLE_SYMMETRIC_ENCRYPTION", destroyTime);
    }

    /** The same key with another primary version. */
    public static CryptoKeyFacts withPrimary(CryptoKeyFacts key, Optional<KeyVersionFacts> primary) {
        return new CryptoKeyFacts(
                key.name(),
                key.purpose(),
                key.algorithm(),
                key.protectionLevel(),
                key.labels(),
                primary,
                key.rotationPeriod(),
                key.destroyScheduledDuration(),
                key.nextRotationTime());
    }

    /** The same key, to be rotated then. */
    public static CryptoKeyFacts withNextRotation(CryptoKeyFacts key, Instant due) {
        return new CryptoKeyFacts(
                key.name(),
                key.purpose(),
                key.algorithm(),
                key.protectionLevel(),
                key.labels(),
                key.primary(),
                Optional.of(Duration.ofDays(90)),
                key.destroyScheduledDuration(),
                Optional.of(due));
    }
}
