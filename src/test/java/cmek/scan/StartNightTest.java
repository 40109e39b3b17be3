package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.fake.FakeStorage;
import cmek.fake.FakeVendor;
import cmek.fake.Nights;
import cmek.fake.Sample;
import cmek.finding.Finding;
import cmek.finding.Findings;
import cmek.finding.Reason;
import cmek.finding.RefusedException;
import cmek.finding.UnavailableException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StartNightTest {

    private final FakeVendor vendor = new FakeVendor(Sample.ORGANIZATION);
    private final FakeStorage storage = new FakeStorage();
    private final PaceTest.TestClock clock = new PaceTest.TestClock();
    private final StartNight startNight = new StartNight(vendor, new Evidence(storage), Nights.OBSERVING, clock);

    @Test
    void theNightExpectsEveryRegisteredKey() {
        vendor.withExternalKey("ekey_01a", Sample.KEY, true, Sample.NOW).withForeignKey("ekey_02b", "azure");

        NightRun run = start();

        assertThat(run.expected()).extracting(key -> key.id().value()).containsExactly("ekey_01a");
        assertThat(run.leftAlone()).extracting(key -> key.id().value()).containsExactly("ekey_02b");
        assertThat(run.deadline()).isEqualTo(Sample.NOW.plus(Duration.ofHours(1)));
        assertThat(storage.names()).containsExactly("runs/" + Nights.RUN + "/run.json");
    }

    @Test
    void theSameStartDeliveredAgainExpectsTheSame() {
        vendor.withExternalKey("ekey_01a", Sample.KEY, true, Sample.NOW);
        NightRun first = start();
        vendor.withExternalKey("ekey_02b", Sample.KEY, true, Sample.NOW);
        clock.pass(Duration.ofMinutes(5));

        assertThat(start()).isEqualTo(first);
    }

    @Test
    void whileItIsEarlyAMissingPageIsWaitedFor() {
        vendor.interruptedBy(new UnavailableException(Reason.VENDOR_UNAVAILABLE, "HTTP 529", null));

        assertThatThrownBy(this::start).isInstanceOf(UnavailableException.class);

        assertThat(storage.names()).isEmpty();
    }

    @Test
    void aMissingPageOfWorkspacesIsWaitedForToo() {
        vendor.workspacesInterruptedBy(new UnavailableException(Reason.VENDOR_UNAVAILABLE, "HTTP 529", null));

        assertThatThrownBy(this::start).isInstanceOf(UnavailableException.class);

        assertThat(storage.names()).isEmpty();
    }

    @Test
    void laterTheNightGoesOnWithWhatThereIsAndIsIncomplete() {
        vendor.withExternalKey("ekey_01a", Sample.KEY, true, Sample.NOW)
                .interruptedBy(new UnavailableException(Reason.VENDOR_UNAVAILABLE, "HTTP 529", null));
        clock.pass(Duration.ofMinutes(15));

        NightRun run = start();

        assertThat(run.expected()).hasSize(1);
        assertThat(run.faults()).extracting(Finding::reason).containsExactly(Reason.VENDOR_UNAVAILABLE);
    }

    @Test
    void aRefusedCredentialIsAFaultAtOnce() {
        vendor.failingWith(new RefusedException(Findings.credentialRejected("HTTP 401")));

        assertThat(start().faults()).extracting(Finding::reason).containsExactly(Reason.CREDENTIAL_REJECTED);
    }

    private NightRun start() {
        return startNight.startNight(Nights.RUN, Sample.NOW);
    }
}
