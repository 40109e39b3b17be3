package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.fake.Checks;
import cmek.fake.FakeAdminApi;
import cmek.fake.FakeStorage;
import cmek.fake.Sample;
import cmek.fake.Scans;
import cmek.finding.AnthropicFindings;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StartScanTest {

    private final FakeAdminApi anthropic = new FakeAdminApi(Sample.ORGANIZATION);
    private final FakeStorage storage = new FakeStorage();
    private final RateLimiterTest.TestClock clock = new RateLimiterTest.TestClock();
    private final StartScan startScan =
            new StartScan(anthropic, Checks.names(), new ScanStore(storage), Scans.OBSERVING, clock);

    @Test
    void theScanExpectsEveryRegisteredKey() {
        anthropic.withExternalKey("ekey_01a", Sample.KEY, true, Sample.NOW).withForeignKey("ekey_02b", "azure");

        ScanPlan run = start();

        assertThat(run.expected()).extracting(key -> key.id().value()).containsExactly("ekey_01a");
        assertThat(run.skipped()).extracting(key -> key.id().value()).containsExactly("ekey_02b");
        assertThat(run.deadline()).isEqualTo(Sample.NOW.plus(Duration.ofHours(1)));
        assertThat(storage.names()).containsExactly("runs/" + Scans.RUN + "/run.json");
    }

    @Test
    void theSameStartDeliveredAgainExpectsTheSame() {
        anthropic.withExternalKey("ekey_01a", Sample.KEY, true, Sample.NOW);
        ScanPlan first = start();
        anthropic.withExternalKey("ekey_02b", Sample.KEY, true, Sample.NOW);
        clock.pass(Duration.ofMinutes(5));

        assertThat(start()).isEqualTo(first);
    }

    @Test
    void whileItIsEarlyAMissingPageIsWaitedFor() {
        anthropic.interruptedBy(new TransientException(Reason.ANTHROPIC_UNAVAILABLE, "HTTP 529", null));

        assertThatThrownBy(this::start).isInstanceOf(TransientException.class);

        assertThat(storage.names()).isEmpty();
    }

    @Test
    void aMissingPageOfWorkspacesIsWaitedForToo() {
        anthropic.workspacesInterruptedBy(new TransientException(Reason.ANTHROPIC_UNAVAILABLE, "HTTP 529", null));

        assertThatThrownBy(this::start).isInstanceOf(TransientException.class);

        assertThat(storage.names()).isEmpty();
    }

    @Test
    void laterTheScanGoesOnWithWhatThereIsAndIsIncomplete() {
        anthropic
                .withExternalKey("ekey_01a", Sample.KEY, true, Sample.NOW)
                .interruptedBy(new TransientException(Reason.ANTHROPIC_UNAVAILABLE, "HTTP 529", null));
        clock.pass(Duration.ofMinutes(15));

        ScanPlan run = start();

        assertThat(run.expected()).hasSize(1);
        assertThat(run.faults()).extracting(Finding::reason).containsExactly(Reason.ANTHROPIC_UNAVAILABLE);
    }

    @Test
    void aRefusedCredentialIsAFaultAtOnce() {
        anthropic.failingWith(new PermanentException(AnthropicFindings.credentialRejected("HTTP 401")));

        assertThat(start().faults()).extracting(Finding::reason).containsExactly(Reason.CREDENTIAL_REJECTED);
    }

    private ScanPlan start() {
        return startScan.startScan(Scans.RUN, Sample.NOW);
    }
}
