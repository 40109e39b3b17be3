package cmek.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.client.anthropic.AdminApiInProcess;
import cmek.client.kms.KeyManagement;
import cmek.client.project.Lookup;
import cmek.fake.Checks;
import cmek.fake.KmsInProcess;
import cmek.fake.ProjectInProcess;
import cmek.fake.Sample;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.Mode;
import cmek.simulator.GoogleReply;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** The keys of a scan share what was read of their ring and project; an onboarding reads it anew. */
class InheritedPoliciesTest {

    private final KmsInProcess kms = new KmsInProcess().withRing(Sample.KEY.ring());
    private final ProjectInProcess project = new ProjectInProcess();
    private Instant now = Sample.NOW;
    private final InstantSource time = () -> now;
    private final Clock clock = time.withZone(ZoneOffset.UTC);
    private final InheritedPolicies policies = Checks.inherited(kms.client(), project, clock);

    private final KeyManagement elsewhere = new KmsInProcess().client();
    private final CheckSubjects subjects = Checks.subjects(
            new AdminApiInProcess().client(),
            elsewhere,
            new KeyInspection(elsewhere, Sample.POLICY, Sample.ORGANIZATION));

    private CheckSubject scanned(CryptoKeyName name, Instant since) {
        return subjects.ofKey(Sample.request(Mode.VALIDATE, name), KeyUse.NONE, since);
    }

    private void read(CheckSubject subject) {
        InheritedReads reads = policies.of(subject);
        reads.ring(subject.key().ring());
        reads.policy("projects/" + subject.key().project());
        reads.ancestry(subject.key());
    }

    private void readKeys(int many, Instant since) {
        for (int i = 0; i < many; i++) {
            read(scanned(new CryptoKeyName("acme-kms-prod", "us-east5", "anthropic", "key-" + i), since));
        }
    }

    private int reads() {
        return kms.calls().size() + project.calls().size();
    }

    /** A change after that may not have been seen, though the check itself came later. */
    @Test
    void aSubjectKnowsSinceWhenWhatItSharesIsKnown() {
        CheckSubject first = scanned(new CryptoKeyName("acme-kms-prod", "us-east5", "anthropic", "one"), Instant.MIN);
        read(first);
        now = now.plusSeconds(120);
        CheckSubject second = scanned(new CryptoKeyName("acme-kms-prod", "us-east5", "anthropic", "two"), Instant.MIN);
        read(second);

        assertThat(first.oldestRead()).isEqualTo(Sample.NOW);
        assertThat(second.oldestRead()).isEqualTo(Sample.NOW);
        assertThat(scanned(Sample.KEY, now).oldestRead()).isEqualTo(Instant.MAX);
    }

    @Test
    void manyKeysOfOneRingTakeOneReadOfEachPolicy() {
        readKeys(1000, Instant.MIN);

        assertThat(kms.calls()).containsExactly("GetIamPolicy " + Sample.KEY.ring());
        assertThat(project.calls())
                .containsExactly("GetIamPolicy projects/acme-kms-prod", "GetProject projects/acme-kms-prod");
    }

    @Test
    void whatWasReadMinutesAgoIsReadAgain() {
        readKeys(1, Instant.MIN);
        now = now.plus(Duration.ofMinutes(5)).plusMillis(1);
        readKeys(1, Instant.MIN);

        assertThat(reads()).isEqualTo(6);
    }

    @Test
    void whatWasReadBeforeAChangeIsReadAgainOnceForAllItsKeys() {
        readKeys(10, Instant.MIN);
        now = now.plusSeconds(30);
        Instant changed = now;
        now = now.plusSeconds(30);
        readKeys(10, changed);

        assertThat(reads()).isEqualTo(6);
    }

    @Test
    void onlyAReadThatIsMadeCounts() {
        CryptoKeyName key = Sample.KEY;
        assertThat(policies.readsRing(key, Instant.MIN)).isTrue();

        read(scanned(key, Instant.MIN));

        assertThat(policies.readsRing(key, Instant.MIN)).isFalse();
        assertThat(policies.readsRing(key, now.plusSeconds(1))).isTrue();
    }

    @Test
    void everyOnboardingReadsAnewAndAllItsChecksOnce() {
        for (int i = 0; i < 2; i++) {
            CheckSubject subject = subjects.ofRequest(Sample.request(Mode.PROVISION, Sample.KEY));
            read(subject);
            read(subject);
        }

        assertThat(reads()).isEqualTo(6);
    }

    @Test
    void silenceIsNotKept() {
        int[] silences = {0};
        project.with((call, google) -> {
            silences[0]++;
            return GoogleReply.error(503, "UNAVAILABLE", "not now");
        });
        InheritedReads reads = policies.of(scanned(Sample.KEY, Instant.MIN));

        assertThatThrownBy(() -> reads.policy("projects/acme-kms-prod"))
                .isInstanceOfSatisfying(
                        TransientException.class, e -> assertThat(e.reason()).isEqualTo(Reason.GOOGLE_UNAVAILABLE));
        assertThat(reads.policyNow("projects/acme-kms-prod")).isInstanceOf(Lookup.Unknown.class);
        assertThat(silences[0]).isEqualTo(2 * 3);
    }
}
