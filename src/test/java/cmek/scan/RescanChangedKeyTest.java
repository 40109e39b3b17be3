package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.AdminApiInProcess;
import cmek.client.storage.StorageInProcess;
import cmek.fake.Checks;
import cmek.fake.Sample;
import cmek.fake.Scans;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.simulator.AdminSimulator;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RescanChangedKeyTest {

    private static final CryptoKeyName SIBLING = new CryptoKeyName("acme-kms-prod", "us-east5", "anthropic", "sibling");
    private static final CryptoKeyName ELSEWHERE =
            new CryptoKeyName("acme-kms-production", "us-east5", "anthropic", "far");

    private final AdminApiInProcess admin = new AdminApiInProcess();
    private final AdminSimulator simulator = admin.simulator();
    private final AdminApi anthropic = admin.client();
    private final ScanStore evidence = new ScanStore(new StorageInProcess().client());
    private final RescanChangedKey recheck = new RescanChangedKey(
            new SharedInventory(anthropic, Checks.names(), Scans.OBSERVING, Sample.CLOCK), evidence, Scans.OBSERVING);

    @Test
    void aChangeOfARegisteredKeyIsAReasonToLook() {
        register();

        assertThat(recheck("UpdateCryptoKeyVersion", "mallory@example.com"))
                .singleElement()
                .satisfies(asked -> {
                    assertThat(asked.key().id()).isEqualTo(Scans.ID);
                    assertThat(asked.key().workspaces()).hasSize(1);
                    assertThat(asked.run().isScan()).isFalse();
                    assertThat(asked.change())
                            .hasValueSatisfying(
                                    change -> assertThat(change.method()).isEqualTo("UpdateCryptoKeyVersion"));
                });
    }

    @Test
    void everyRegistrationOfTheKeyIsChecked() {
        register();
        simulator.withKey("ekey_02other", Sample.KEY.toString(), Sample.NOW);

        assertThat(recheck("SetIamPolicy", "mallory@example.com")).hasSize(2);
    }

    @Test
    void aChangeOfOneKeyIsNoReasonToLookAtAnother() {
        simulator.withKey("ekey_02other", SIBLING.toString(), Sample.NOW);

        assertThat(recheck("SetIamPolicy", "mallory@example.com")).isEmpty();
    }

    @Test
    void aKeyThatIsNotRegisteredIsNobodysBusiness() {
        assertThat(recheck("SetIamPolicy", "mallory@example.com")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UpdateCryptoKey", "SetIamPolicy"})
    void anOnboardingAtWorkRaisesNoAlarm(String method) {
        register();

        assertThat(recheck(method, Scans.OURS)).isEmpty();
    }

    @Test
    void whoeverActsAsOurAccountRaisesOne() {
        register();

        assertThat(recheck.rescanChangedKey(new AuditLogEntry(
                        "1a2b3c", Sample.KEY.toString(), new KeyChange("SetIamPolicy", Scans.OURS, Sample.NOW), true)))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DestroyCryptoKeyVersion", "UpdateCryptoKeyVersion", "UpdateCryptoKeyPrimaryVersion"})
    void whatNoOnboardingDoesRaisesOneEvenUnderOurName(String method) {
        register();

        assertThat(recheck(method, Scans.OURS)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"projects/acme-kms-prod", "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic"})
    void aChangeOfTheRingOrTheProjectIsAReasonToCheckEveryKeyInIt(String resource) {
        register();
        simulator
                .withKey("ekey_02other", SIBLING.toString(), Sample.NOW)
                .withKey("ekey_03far", ELSEWHERE.toString(), Sample.NOW);

        assertThat(recheckAll(resource, "mallory@example.com"))
                .extracting(asked -> asked.key().key())
                .containsExactlyInAnyOrder(Sample.KEY, SIBLING);
    }

    /** No account of ours may write such a policy: if it did, somebody else uses it. */
    @Test
    void aPolicyOfARingIsNeverOurs() {
        register();

        assertThat(recheckAll("projects/acme-kms-prod", Scans.OURS)).hasSize(1);
    }

    @Test
    void whereTheListIsNotWholeAProjectsKeysAreNotAllKnown() {
        register();
        admin.cutOff("external_keys");

        assertThatThrownBy(() -> recheckAll("projects/acme-kms-prod", "mallory@example.com"))
                .isInstanceOf(TransientException.class)
                .hasMessageContaining("which keys of projects/acme-kms-prod are registered");
    }

    @Test
    void aKeyThatWasCheckedSinceIsNotCheckedAgain() {
        register();
        remember(Sample.NOW.plusSeconds(1));

        assertThat(recheck("SetIamPolicy", "mallory@example.com")).isEmpty();
    }

    @Test
    void aLookBeforeTheChangeDoesNotCount() {
        register();
        remember(Sample.NOW);

        assertThat(recheck("SetIamPolicy", "mallory@example.com")).hasSize(1);
    }

    @Test
    void theSameEntryIsTheSameRun() {
        register();

        assertThat(recheck("SetIamPolicy", "m@example.com")).isEqualTo(recheck("SetIamPolicy", "m@example.com"));
    }

    @Test
    void whereTheListIsNotWholeNothingIsCalledUnregistered() {
        admin.cutOff("external_keys");

        assertThatThrownBy(() -> recheck("SetIamPolicy", "mallory@example.com")).isInstanceOf(TransientException.class);
    }

    private void register() {
        simulator
                .withKey(Scans.ID.value(), Sample.KEY.toString(), Sample.NOW)
                .withWorkspace(Sample.WORKSPACE.value(), "Payments")
                .attach(Sample.WORKSPACE.value(), Scans.ID.value());
    }

    private void remember(Instant inspectedAt) {
        KeyReport report = KeyReport.of(Scans.toInspect(Scans.RUN), List.of(), inspectedAt);
        evidence.remember(Scans.ID, new LatestReport(Optional.of(report), List.of()), evidence.memory(Scans.ID));
    }

    private List<KeyToScan> recheckAll(String resource, String principal) {
        return recheck.rescanChangedKey(
                new AuditLogEntry("1a2b3c", resource, new KeyChange("SetIamPolicy", principal, Sample.NOW), false));
    }

    private List<KeyToScan> recheck(String method, String principal) {
        return recheck.rescanChangedKey(new AuditLogEntry(
                "1a2b3c", Sample.KEY.toString(), new KeyChange(method, principal, Sample.NOW), false));
    }
}
