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

    /** Pasted in order it ends with the grant made and the policy as it was; only commands stand between the two writes. */
    @Test
    void anExceptionFromMemberDomainsEndsWithTheGrantMadeAndThePolicyRestored() {
        String where = " --keyring=anthropic --location=us-east5 --project=acme-kms-prod";
        String file = "acme-kms-prod-allowed-policy-member-domains-";
        String binding = "gcloud kms keys add-iam-policy-binding payments" + where + " --member="
                + AnthropicPrincipal.MEMBER + " --role=roles/cloudkms.";

        List<String> remedy = ProjectFindings.grantStripped(KEY).remedy();

        assertThat(remedy.subList(0, 9))
                .containsExactly(
                        "gcloud org-policies describe iam.allowedPolicyMemberDomains --effective"
                                + " --project=acme-kms-prod",
                        "gcloud org-policies describe iam.allowedPolicyMemberDomains --project=acme-kms-prod"
                                + " --format=json > " + file + "saved.json || echo"
                                + " '{\"name\": \"projects/acme-kms-prod/policies/iam.allowedPolicyMemberDomains\","
                                + " \"spec\": {\"inheritFromParent\": true}}' > " + file + "saved.json",
                        "jq 'del(.etag, .spec.etag, .spec.updateTime)' " + file + "saved.json > " + file
                                + "restored.json",
                        "echo '{\"name\": \"projects/acme-kms-prod/policies/iam.allowedPolicyMemberDomains\","
                                + " \"spec\": {\"rules\": [{\"allowAll\": true}]}}' > " + file + "lifted.json",
                        "gcloud org-policies set-policy " + file + "lifted.json",
                        "sleep 900",
                        binding + "cryptoKeyEncrypterDecrypter --condition=None",
                        binding + "viewer --condition=None",
                        "gcloud org-policies set-policy " + file + "restored.json");
        assertThat(remedy).hasSize(10).last().asString().startsWith("these commands are for");
        assertThat(remedy).noneMatch(line -> line.contains("org-policies delete"));
    }

    @Test
    void aPolicyThatMayRefuseTheGrantIsNotLiftedBeforeItDoes() {
        Finding finding = ProjectFindings.sharingRestricted(
                "acme-kms-prod", OrganizationConstraints.MEMBER_DOMAINS, List.of("is:C0acme"));

        assertThat(finding.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(finding.message()).contains("(it allows is:C0acme)", "may be refused", "not published");
        assertThat(finding.remedy()).noneMatch(line -> line.contains("set-policy"));
    }

    @Test
    void aCustomerThatThePolicyLacksIsAddedToIt() {
        Finding finding = ProjectFindings.customerNotAllowed(KEY, "C0anthropic", List.of("is:C0acme"));

        assertThat(finding.message()).contains("does not allow customer C0anthropic", "(it allows is:C0acme)");
        assertThat(finding.remedy())
                .element(1)
                .asString()
                .contains("[\"is:C0anthropic\"]", "acme-kms-prod-allowed-policy-member-domains.json");
    }

    @Test
    void aDenyPolicyIsGivenAnExceptionAndNothingElse() {
        Finding finding = ProjectFindings.denyPolicy(
                KEY, "projects/acme-kms-prod", "no-decrypt", List.of("cloudkms.googleapis.com/cryptoKeys.get"));

        assertThat(finding.actor()).isEqualTo(Actor.ORGANIZATION_ADMIN);
        assertThat(finding.remedy().subList(0, 3))
                .containsExactly(
                        "gcloud iam policies get no-decrypt"
                                + " --attachment-point=cloudresourcemanager.googleapis.com%2Fprojects%2Facme-kms-prod"
                                + " --kind=denypolicies --format=json > projects-acme-kms-prod-no-decrypt.json",
                        "jq '(.rules[].denyRule | select(any(.deniedPermissions[];"
                                + " startswith(\"cloudkms.googleapis.com/\")))).exceptionPrincipals |= ((. // []) +"
                                + " [\"principal://iam.googleapis.com/projects/-/serviceAccounts/"
                                + AnthropicPrincipal.EMAIL + "\"] | unique)' projects-acme-kms-prod-no-decrypt.json"
                                + " > projects-acme-kms-prod-no-decrypt-with-exception.json",
                        "gcloud iam policies update no-decrypt"
                                + " --attachment-point=cloudresourcemanager.googleapis.com%2Fprojects%2Facme-kms-prod"
                                + " --kind=denypolicies"
                                + " --policy-file=projects-acme-kms-prod-no-decrypt-with-exception.json");
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

        assertThat(finding.message()).contains(KEY.toString(), "2026-11-01T00:00:00.000Z");
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
        "constraints/gcp.resourceLocations, CreateCryptoKey, ORGANIZATION_POLICY",
        "constraints/gcp.resourceLocations, SetIamPolicy, ORGANIZATION_POLICY",
        "constraints/gcp.restrictServiceUsage, SetIamPolicy, ORGANIZATION_POLICY",
        "constraints/iam.disableServiceAccountCreation, SetIamPolicy, ORGANIZATION_POLICY",
        "constraints/cloudkms.allowedProtectionLevels, CreateCryptoKey, PROTECTION_LEVEL_NOT_ALLOWED",
        "constraints/cloudkms.minimumDestroyScheduledDuration, CreateCryptoKey, ORGANIZATION_POLICY",
        "constraints/cloudkms.minimumDestroyScheduledDuration, SetIamPolicy, ORGANIZATION_POLICY",
        "customConstraints/custom.ourKeys, CreateCryptoKey, ORGANIZATION_POLICY",
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
