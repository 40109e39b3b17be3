package cmek.finding;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.model.AnthropicPrincipal;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.UnexpectedPrincipal;
import cmek.model.WorkspaceId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProjectFindingsTest {

    private static final CryptoKeyName KEY = new CryptoKeyName("acme-kms-prod", "us-east5", "anthropic", "payments");

    @Test
    void anExemptionFurtherUpIsFixedFurtherUp() {
        Finding finding =
                ProjectFindings.auditLogsExempt("acme-kms-prod", AnthropicPrincipal.MEMBER, "organizations/42");

        assertThat(finding.reason()).isEqualTo(Reason.AUDIT_LOGS_OFF);
        assertThat(finding.remedy())
                .containsExactly("remove " + AnthropicPrincipal.MEMBER
                        + " from the exemptedMembers of the audit configuration of organizations/42");
    }

    @Test
    void anExceptionFromMemberDomainsIsTakenBackAfterwards() {
        Finding finding = ProjectFindings.sharingRestricted("acme-kms-prod", OrganizationConstraints.MEMBER_DOMAINS);

        assertThat(finding.remedy())
                .contains(
                        "echo '{\"name\": \"projects/acme-kms-prod/policies/iam.allowedPolicyMemberDomains\","
                                + " \"spec\": {\"rules\": [{\"allowAll\": true}]}}'"
                                + " > acme-kms-prod-allowed-policy-member-domains.json",
                        "gcloud org-policies set-policy acme-kms-prod-allowed-policy-member-domains.json")
                .last()
                .isEqualTo("gcloud org-policies delete iam.allowedPolicyMemberDomains --project=acme-kms-prod");
    }

    @Test
    void anUnexpectedPrincipalsNameIsQuotedForTheShell() {
        String member = "deleted:serviceAccount:a'b@other.iam.gserviceaccount.com?uid=1";

        Finding finding = KeyFindings.unexpectedPrincipal(
                KEY,
                new UnexpectedPrincipal(
                        member, "roles/cloudkms.cryptoKeyDecrypter", UnexpectedPrincipal.Kind.LOOK_ALIKE));

        assertThat(finding.remedy().get(0))
                .contains(" '--member=deleted:serviceAccount:a'\\''b@other.iam.gserviceaccount.com?uid=1' ");
    }

    @Test
    void anOverdueRotationNamesTheKeyAndTheTime() {
        Finding finding = ScanFindings.rotationOverdue(KEY, Instant.parse("2026-11-01T00:00:00Z"));

        assertThat(finding.message()).contains(KEY.toString(), "2026-11-01T00:00:00Z");
        assertThat(finding.remedy())
                .first()
                .isEqualTo("gcloud kms keys versions create --key=payments --keyring=anthropic --location=us-east5"
                        + " --project=acme-kms-prod --primary");
    }

    @Test
    void aKeyThatCouldNotBeLookedAtIsNoFindingAboutTheKey() {
        assertThat(ScanFindings.notReached(KEY, "GetCryptoKey answered 503\u001b[31m"))
                .satisfies(finding -> assertThat(finding.reason()).isEqualTo(Reason.NOT_REACHED))
                .satisfies(finding -> assertThat(finding.message())
                        .isEqualTo("the key " + KEY + " could not be checked: GetCryptoKey answered 503\\u001b[31m"));
    }

    @Test
    void whatAnthropicHasAndNobodyUsesIsNamed() {
        assertThat(List.of(
                        ScanFindings.registeredNotAttached(KEY, new ExternalKeyId("ekey_mine")),
                        ScanFindings.workspaceWithoutKey(new WorkspaceId("wrkspc_01AB"), "Prod")))
                .extracting(Finding::reason)
                .containsExactly(Reason.REGISTERED_NOT_ATTACHED, Reason.WORKSPACE_WITHOUT_KEY);
    }

    /** Whom a policy of the organization keeps out, and from what, is in the error's details and nowhere else. */
    @ParameterizedTest
    @CsvSource({
        "constraints/gcp.resourceLocations, CreateCryptoKey, LOCATION_NOT_SUPPORTED",
        "constraints/cloudkms.allowedProtectionLevels, CreateCryptoKey, PROTECTION_LEVEL_NOT_ALLOWED",
        "constraints/cloudkms.minimumDestroyScheduledDuration, CreateCryptoKey, INVALID_REQUEST",
        "constraints/cloudkms.minimumDestroyScheduledDuration, SetIamPolicy, INVALID_REQUEST",
        "customConstraints/custom.ourKeys, CreateCryptoKey, INVALID_REQUEST",
        "customConstraints/custom.ourMembers, SetIamPolicy, DOMAIN_RESTRICTED_SHARING",
        "constraints/iam.allowedPolicyMemberDomains, SetIamPolicy, DOMAIN_RESTRICTED_SHARING",
        "constraints/iam.managed.allowedPolicyMembers, CreateCryptoKey, DOMAIN_RESTRICTED_SHARING"
    })
    void aConstraintIsToldByWhatItKeepsOut(String constraint, String operation, Reason reason) {
        assertThat(ProjectFindings.constraintViolated(operation, KEY.toString(), KEY.project(), constraint)
                        .reason())
                .isEqualTo(reason);
    }
}
