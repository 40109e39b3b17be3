package cmek.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.client.anthropic.Listing;
import cmek.evidence.OtherKey;
import cmek.evidence.RegisteredKey;
import cmek.fake.FakeVendor;
import cmek.fake.Sample;
import cmek.onboarding.CryptoKeyName;
import cmek.onboarding.ExternalKeyId;
import cmek.onboarding.Finding;
import cmek.onboarding.Reason;
import cmek.onboarding.UnavailableException;
import cmek.onboarding.WorkspaceId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EstateTest {

    private static final ExternalKeyId ID = new ExternalKeyId("ekey_01a");

    private final FakeVendor vendor = new FakeVendor(Sample.ORGANIZATION);

    @Test
    void anAttachedKeyOfALiveWorkspaceStandsWell() {
        vendor.withExternalKey("ekey_01a", Sample.KEY, true, Sample.NOW)
                .withWorkspace(Sample.WORKSPACE, false, Optional.of(ID));

        Estate estate = Estate.read(vendor);

        RegisteredKey key = estate.keys().get(0);
        assertThat(key.standing()).isEmpty();
        assertThat(key.attached()).isTrue();
        assertThat(key.workspaces()).extracting(RegisteredKey.WorkspaceUse::id).containsExactly(Sample.WORKSPACE);
        assertThat(estate.coverage()).isEmpty();
        assertThat(estate.faults()).isEmpty();
    }

    @Test
    void aKeyThatNoWorkspaceRefersToIsRegisteredNotAttached() {
        vendor.withExternalKey("ekey_01a", Sample.KEY, false, Sample.NOW);

        assertThat(standing()).containsExactly(Reason.REGISTERED_NOT_ATTACHED);
    }

    @Test
    void aKeyOfArchivedWorkspacesAloneIsToldApart() {
        vendor.withExternalKey("ekey_01a", Sample.KEY, true, Sample.NOW)
                .withWorkspace(Sample.WORKSPACE, true, Optional.of(ID));

        assertThat(standing()).containsExactly(Reason.ARCHIVED_WORKSPACES_ONLY);
    }

    @Test
    void aKeyThatTheVendorCallsAttachedIsNoOrphanWhateverTheWorkspacesSay() {
        vendor.withExternalKey("ekey_01a", Sample.KEY, true, Sample.NOW);

        assertThat(standing()).isEmpty();
    }

    @Test
    void aKeyThatAWorkspaceRefersToIsAttachedWhateverTheRegistrationSays() {
        vendor.withExternalKey("ekey_01a", Sample.KEY, false, Sample.NOW)
                .withWorkspace(Sample.WORKSPACE, false, Optional.of(ID));

        assertThat(Estate.read(vendor).keys().get(0).attached()).isTrue();
    }

    @Test
    void aKeyThatNobodySaysIsAttachedIsNot() {
        vendor.withExternalKey("ekey_01a", Sample.KEY, false, Sample.NOW);

        assertThat(Estate.read(vendor).keys().get(0).attached()).isFalse();
    }

    @Test
    void workspacesThatAreNotSeenAreFaultsToo() {
        Estate estate = Estate.of(
                Listing.whole(List.of()),
                new Listing<>(
                        List.of(),
                        List.of("wrkspc_weird"),
                        Optional.of(new UnavailableException(Reason.VENDOR_UNAVAILABLE, "HTTP 529", null))));

        assertThat(estate.faults())
                .extracting(Finding::message)
                .containsExactly(
                        "the workspace wrkspc_weird cannot be read and was not looked at",
                        "not all workspaces could be listed: HTTP 529");
    }

    @Test
    void onlyTheLiveWorkspaceWithoutAKeyIsUncovered() {
        vendor.withWorkspace(new WorkspaceId("wrkspc_live"), false, Optional.empty())
                .withWorkspace(new WorkspaceId("wrkspc_old"), true, Optional.empty());

        assertThat(Estate.read(vendor).coverage()).singleElement().satisfies(finding -> {
            assertThat(finding.reason()).isEqualTo(Reason.WORKSPACE_WITHOUT_KEY);
            assertThat(finding.message()).contains("wrkspc_live");
        });
    }

    @Test
    void severalRegistrationsOfOneKeyKeepTheAttachedOneAndAreAllLookedAt() {
        vendor.withExternalKey("ekey_01a", Sample.KEY, false, Sample.NOW)
                .withExternalKey("ekey_02b", Sample.KEY, true, Sample.NOW.plusSeconds(9));

        Estate estate = Estate.read(vendor);

        assertThat(estate.keys()).hasSize(2);
        assertThat(estate.coverage()).singleElement().satisfies(finding -> {
            assertThat(finding.reason()).isEqualTo(Reason.DUPLICATE_REGISTRATION);
            assertThat(finding.message()).contains("ekey_02b is used, ekey_01a is not");
        });
    }

    @Test
    void aWorkspaceWhoseRegistrationIsNotListedIsTold() {
        vendor.withWorkspace(Sample.WORKSPACE, true, Optional.of(ID));

        assertThat(Estate.read(vendor).coverage())
                .extracting(Finding::reason)
                .containsExactly(Reason.REGISTRATION_MISSING);
    }

    @Test
    void whereAPageIsMissingNothingIsCalledMissing() {
        vendor.withWorkspace(Sample.WORKSPACE, false, Optional.of(ID))
                .interruptedBy(new UnavailableException(Reason.VENDOR_UNAVAILABLE, "HTTP 529", null));

        Estate estate = Estate.read(vendor);

        assertThat(estate.coverage()).isEmpty();
        assertThat(estate.faults()).singleElement().satisfies(finding -> {
            assertThat(finding.reason()).isEqualTo(Reason.VENDOR_UNAVAILABLE);
            assertThat(finding.message()).isEqualTo("not all registrations could be listed: HTTP 529");
        });
    }

    @Test
    void otherProvidersAreListedAndLeftAlone() {
        vendor.withForeignKey("ekey_09aws", "aws");

        Estate estate = Estate.read(vendor);

        assertThat(estate.keys()).isEmpty();
        assertThat(estate.others())
                .containsExactly(new OtherKey(new ExternalKeyId("ekey_09aws"), "a foreign name", "aws"));
        assertThat(estate.faults()).isEmpty();
    }

    @Test
    void whatCannotBeReadIsAFaultAndNotNothing() {
        vendor.withUnreadableKey("weird").withForeignKey("ekey_09gcp", "gcp");

        assertThat(Estate.read(vendor).faults())
                .extracting(Finding::message)
                .containsExactly(
                        "the registration ekey_09gcp cannot be read and was not looked at",
                        "the registration weird cannot be read and was not looked at");
    }

    @Test
    void aRegionThatIsNotRecommendedIsANote() {
        CryptoKeyName west = CryptoKeyName.parse("projects/acme-kms-prod/locations/us-west2/keyRings/r/cryptoKeys/k");
        vendor.withExternalKey("ekey_01a", west, true, Sample.NOW);

        assertThat(standing()).containsExactly(Reason.REGION_NOT_RECOMMENDED);
    }

    private List<Reason> standing() {
        return Estate.read(vendor).keys().get(0).standing().stream()
                .map(Finding::reason)
                .toList();
    }
}
