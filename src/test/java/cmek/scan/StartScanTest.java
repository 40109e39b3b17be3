package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.AdminApiInProcess;
import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.StorageInProcess;
import cmek.fake.Checks;
import cmek.fake.Sample;
import cmek.fake.Scans;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.simulator.AdminSimulator;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StartScanTest {

    private final AdminApiInProcess admin = new AdminApiInProcess();
    private final AdminSimulator simulator = admin.simulator();
    private final AdminApi anthropic = admin.client();
    private final StorageInProcess bucket = new StorageInProcess();
    private final EvidenceStorage storage = bucket.client();
    private final RateLimiterTest.TestClock clock = new RateLimiterTest.TestClock();
    private final StartScan startScan =
            new StartScan(anthropic, Checks.names(), new ScanStore(storage), Scans.OBSERVING, clock);

    @Test
    void theScanExpectsEveryRegisteredKey() {
        simulator.withKey("ekey_01a", Sample.KEY.toString(), Sample.NOW).withForeignKey("ekey_02b", "azure");

        ScanPlan run = start();

        assertThat(run.expected()).extracting(key -> key.id().value()).containsExactly("ekey_01a");
        assertThat(run.skipped()).extracting(key -> key.id().value()).containsExactly("ekey_02b");
        assertThat(run.deadline()).isEqualTo(Sample.NOW.plus(Duration.ofHours(1)));
        assertThat(bucket.names()).containsExactly("runs/" + Scans.RUN + "/run.json");
    }

    @Test
    void theSameStartDeliveredAgainExpectsTheSame() {
        simulator.withKey("ekey_01a", Sample.KEY.toString(), Sample.NOW);
        ScanPlan first = start();
        simulator.withKey("ekey_02b", Sample.KEY.toString(), Sample.NOW);
        clock.pass(Duration.ofMinutes(5));

        assertThat(start()).isEqualTo(first);
    }

    @Test
    void whileItIsEarlyAMissingPageIsWaitedFor() {
        admin.cutOff("external_keys");

        assertThatThrownBy(this::start).isInstanceOf(TransientException.class);

        assertThat(bucket.names()).isEmpty();
    }

    @Test
    void aMissingPageOfWorkspacesIsWaitedForToo() {
        admin.cutOff("workspaces");

        assertThatThrownBy(this::start).isInstanceOf(TransientException.class);

        assertThat(bucket.names()).isEmpty();
    }

    @Test
    void laterTheScanGoesOnWithWhatThereIsAndIsIncomplete() {
        simulator.withKey("ekey_01a", Sample.KEY.toString(), Sample.NOW);
        admin.cutOff("external_keys");
        clock.pass(Duration.ofMinutes(15));

        ScanPlan run = start();

        assertThat(run.expected()).hasSize(1);
        assertThat(run.faults()).extracting(Finding::reason).containsExactly(Reason.ANTHROPIC_UNAVAILABLE);
    }

    @Test
    void aRefusedCredentialIsAFaultAtOnce() {
        simulator.revoke(AdminSimulator.TEST_ADMIN_KEY);

        assertThat(start().faults()).extracting(Finding::reason).containsExactly(Reason.CREDENTIAL_REJECTED);
    }

    private ScanPlan start() {
        return startScan.startScan(Scans.RUN, Sample.NOW);
    }
}
