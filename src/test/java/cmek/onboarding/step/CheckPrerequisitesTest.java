package cmek.onboarding.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.check.KeyInspection;
import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.AdminApiInProcess;
import cmek.client.http.SideBySide;
import cmek.fake.Checks;
import cmek.fake.DenyRules;
import cmek.fake.KmsInProcess;
import cmek.fake.ProjectInProcess;
import cmek.fake.Sample;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.Severity;
import cmek.finding.TransientException;
import cmek.model.AnthropicPrincipal;
import cmek.model.CryptoKeyName;
import cmek.model.Json;
import cmek.model.Mode;
import cmek.model.OnboardingRequest;
import cmek.model.Policy;
import cmek.model.ProtectionLevel;
import cmek.onboarding.Onboarding;
import cmek.onboarding.Outcome;
import cmek.result.StepOutcome;
import cmek.simulator.AdminSimulator;
import cmek.simulator.DenyPolicySimulator;
import cmek.simulator.Faults;
import cmek.simulator.GoogleReply;
import cmek.simulator.OrgPolicySimulator;
import cmek.simulator.ResourceManagerSimulator;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CheckPrerequisitesTest {

    private static final Policy REQUIRING = new Policy(
            List.of("acme-*"),
            List.of("*"),
            Policy.US_REGIONS,
            Set.of(ProtectionLevel.HSM),
            Policy.AuditLogs.REQUIRE,
            Policy.AttachApproval.NONE);

    /** What one check reads side by side, five organization policies included. */
    private static final int READS = 15;

    private static final String KEY = Sample.KEY.toString();
    private static final String WORKSPACE = Sample.WORKSPACE.value();

    private final AdminApiInProcess admin = new AdminApiInProcess();
    private final AdminSimulator simulator = admin.simulator().withWorkspace(WORKSPACE, "Payments");
    private final AdminApi anthropic = admin.client();
    private final ProjectInProcess project = new ProjectInProcess();
    private final ResourceManagerSimulator resources = project.resourceManager();
    private final OrgPolicySimulator policies = project.orgPolicy();
    private final DenyPolicySimulator denyPolicies = project.denyPolicies();
    private final KmsInProcess kms = new KmsInProcess();
    private final CheckPrerequisites step = step(Sample.POLICY, new SideBySide(Runnable::run));

    private CheckPrerequisites step(Policy policy, SideBySide reads) {
        return step(policy, reads, Optional.empty());
    }

    private CheckPrerequisites step(Policy policy, SideBySide reads, Optional<String> customerId) {
        KeyInspection keys = new KeyInspection(kms.client(), policy, Sample.ORGANIZATION);
        return new CheckPrerequisites(
                Checks.over(
                        anthropic,
                        kms.client(),
                        keys,
                        project,
                        reads,
                        policy,
                        Sample.ORGANIZATION,
                        customerId,
                        Sample.CLOCK),
                Checks.subjects(anthropic, kms.client(), keys, project, reads),
                Sample.ORGANIZATION);
    }

    private Reason refusal(Onboarding onboarding) {
        return refused(onboarding).reason();
    }

    private Finding refused(Onboarding onboarding) {
        Finding finding = Answers.finding(step.checkPrerequisites(onboarding));
        assertThat(kms.writes()).isEmpty();
        assertThat(admin.calls()).isEmpty();
        return finding;
    }

    private Finding warned(Onboarding onboarding) {
        List<Finding> warnings =
                Answers.onboarding(step.checkPrerequisites(onboarding)).warnings();
        assertThat(warnings).hasSize(1);
        return warnings.get(0);
    }

    private static Onboarding at(String location) {
        CryptoKeyName key = new CryptoKeyName("acme-kms-prod", location, "anthropic", "payments");
        return Sample.onboarding(Sample.request(Mode.PROVISION, key));
    }

    @Test
    void everythingInPlaceGoesOnWithoutWarning() {
        Outcome outcome = step.checkPrerequisites(Sample.onboarding(Mode.PROVISION));

        assertThat(Answers.outcome(outcome)).isEqualTo(StepOutcome.CHECKED);
        assertThat(Answers.onboarding(outcome).warnings()).isEmpty();
        assertThat(admin.calls()).isEmpty();
    }

    @Test
    void aCredentialOfAnotherOrganizationIsRefused() {
        admin.ofAnotherOrganization();

        assertThat(refusal(Sample.onboarding(Mode.PROVISION))).isEqualTo(Reason.WRONG_ORGANIZATION);
    }

    @Test
    void aDisabledApiIsRefused() {
        project.serviceUsage().disable("acme-kms-prod", "cloudkms.googleapis.com");

        assertThat(refusal(Sample.onboarding(Mode.PROVISION))).isEqualTo(Reason.KMS_API_DISABLED);
    }

    @Test
    void anApiOfUnknownStateIsNoObstacle() {
        project.with(Faults.every(
                1,
                Faults.calls("GET", "/v1/projects/[^/]+/services/.*"),
                Faults.reply(GoogleReply.error(403, "PERMISSION_DENIED", "not you"))));

        assertThat(Answers.outcome(step.checkPrerequisites(Sample.onboarding(Mode.PROVISION))))
                .isEqualTo(StepOutcome.CHECKED);
    }

    @Test
    void aLocationWithoutHsmIsRefused() {
        kms.google().withoutHsm("us-south1");

        assertThat(refusal(at("us-south1"))).isEqualTo(Reason.HSM_NOT_AVAILABLE);
    }

    @Test
    void aLocationThatCloudKmsDoesNotKnowIsRefused() {
        assertThat(refusal(at("us-moon1"))).isEqualTo(Reason.LOCATION_NOT_SUPPORTED);
    }

    @Test
    void aLocationThatIsNotRecommendedIsWarnedOfOnce() {
        Onboarding once = Answers.onboarding(step.checkPrerequisites(at("us-west2")));
        Onboarding twice = Answers.onboarding(step.checkPrerequisites(once));

        assertThat(twice.warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.reason()).isEqualTo(Reason.REGION_NOT_RECOMMENDED));
    }

    @Test
    void aWorkspaceThatCannotTakeTheKeyIsRefusedBeforeAnyWrite() {
        simulator.archive(WORKSPACE);
        assertThat(refusal(Sample.onboarding(Mode.PROVISION))).isEqualTo(Reason.WORKSPACE_ARCHIVED);

        simulator
                .withWorkspace(WORKSPACE, "Payments")
                .withKey("ekey_other", KEY.replace("payments", "other"), Sample.NOW)
                .attach(WORKSPACE, "ekey_other");
        assertThat(refusal(Sample.onboarding(Mode.PROVISION))).isEqualTo(Reason.WORKSPACE_HAS_OTHER_KEY);
    }

    @Test
    void aWorkspaceThatHasThisKeyAlreadyIsNoObstacle() {
        kms.withKey(Sample.KEY, Sample.LABELS).withPolicy(Sample.KEY, Sample.GRANTED);
        simulator.withKey("ekey_mine", KEY, Sample.NOW).attach(WORKSPACE, "ekey_mine");

        assertThat(Answers.outcome(step.checkPrerequisites(Sample.onboarding(Mode.PROVISION))))
                .isEqualTo(StepOutcome.CHECKED);
    }

    // --- Anthropic's side ---------------------------------------------------------------------------------------

    @Test
    void aCredentialOfTheWrongKindIsRefusedBeforeAnyWrite() {
        admin.failing(403);

        assertThat(refusal(Sample.onboarding(Mode.PROVISION))).isEqualTo(Reason.CREDENTIAL_FORBIDDEN);
    }

    @Test
    void anExpiredCredentialIsRefusedBeforeAnyWrite() {
        simulator.revoke(AdminSimulator.TEST_ADMIN_KEY);

        assertThat(refusal(Sample.onboarding(Mode.PROVISION))).isEqualTo(Reason.CREDENTIAL_REJECTED);
    }

    @Test
    void aKeyThatIsRegisteredTwiceIsWarnedOfBeforehand() {
        kms.withKey(Sample.KEY, Sample.LABELS).withPolicy(Sample.KEY, Sample.GRANTED);
        simulator
                .withKey("ekey_one", KEY, Sample.NOW)
                .withKey("ekey_two", KEY, Sample.NOW)
                .useElsewhere("ekey_two");

        Finding warning = warned(Sample.onboarding(Mode.PROVISION));

        assertThat(warning.reason()).isEqualTo(Reason.DUPLICATE_REGISTRATION);
        assertThat(warning.message()).contains("ekey_two is used, ekey_one is not");
    }

    // --- the key and its project ---------------------------------------------------------------------------------

    @Test
    void aProjectThatIsShutDownIsRefusedWithTheWayBack() {
        resources.shutDown("acme-kms-prod");

        Finding finding = refused(Sample.onboarding(Mode.PROVISION));

        assertThat(finding.reason()).isEqualTo(Reason.PROJECT_DELETE_REQUESTED);
        assertThat(finding.message()).contains("since 2026-11-20T09:30:00.123Z", "around 2026-12-20T09:00:00.000Z");
        assertThat(finding.remedy().get(0)).isEqualTo("gcloud projects undelete acme-kms-prod");
    }

    @Test
    void aNameThatWasADeletedKeysIsRefusedBeforeTheRingIsMade() {
        kms.withDeletedKey(Sample.KEY);

        Finding finding = refused(Sample.onboarding(Mode.PROVISION));

        assertThat(finding.reason()).isEqualTo(Reason.KEY_NAME_RETIRED);
        assertThat(finding.remedy()).containsExactly("publish the request with another key's name");
    }

    @Test
    void aDeletedKeyThatAWorkspaceUsesIsToldAsLost() {
        kms.withDeletedKey(Sample.KEY);
        simulator.withKey("ekey_mine", KEY, Sample.NOW).useElsewhere("ekey_mine");

        assertThat(refused(Sample.onboarding(Mode.PROVISION)).reason()).isEqualTo(Reason.KEY_DELETED);
    }

    @Test
    void aKeyThatIsRegisteredBeforeItExistsIsStillCreated() {
        simulator.withKey("ekey_mine", KEY, Sample.NOW);

        assertThat(Answers.outcome(step.checkPrerequisites(Sample.onboarding(Mode.PROVISION))))
                .isEqualTo(StepOutcome.CHECKED);
    }

    @Test
    void aRegisteredKeyThatOthersManageAndThatIsAbsentIsNotCreatedByAnyCommand() {
        simulator.withKey("ekey_mine", KEY, Sample.NOW);

        Finding finding = refused(Sample.onboarding(Mode.VALIDATE));

        assertThat(finding.reason()).isEqualTo(Reason.KEY_NOT_FOUND);
        assertThat(finding.message()).contains("it was deleted, or it never existed");
        assertThat(finding.remedy()).noneMatch(line -> line.contains("keys create"));
    }

    @Test
    void whatMayNotBeKnownOfDeletedKeysIsNoObstacle() {
        kms.google().deny("cloudkms.retiredResources.list");

        assertThat(Answers.outcome(step.checkPrerequisites(Sample.onboarding(Mode.PROVISION))))
                .isEqualTo(StepOutcome.CHECKED);
    }

    @Test
    void allThatAKeyOfOthersLacksIsToldAtOnce() {
        kms.withKey(Sample.KEY, Map.of()).withVersion(Sample.KEY, 1, "DISABLED");

        Finding finding = refused(Sample.onboarding(Mode.VALIDATE));

        assertThat(finding.reason()).isEqualTo(Reason.KEY_VERSION_DISABLED);
        assertThat(finding.message()).contains("is disabled", "lacks the label", "lacks roles/cloudkms");
        assertThat(finding.remedy())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("gcloud kms keys versions enable 1"),
                        line -> assertThat(line).startsWith("gcloud kms keys update payments"),
                        line -> assertThat(line).startsWith("gcloud kms keys add-iam-policy-binding payments"),
                        line -> assertThat(line).startsWith("gcloud kms keys add-iam-policy-binding payments"));
    }

    private static final Policy SINGLE_TENANT = new Policy(
            List.of("acme-*"),
            List.of("*"),
            Policy.US_REGIONS,
            Set.of(ProtectionLevel.HSM, ProtectionLevel.HSM_SINGLE_TENANT));

    @Test
    void aSingleTenantKeyIsTakenWithANoticeWhereThePolicyNamesTheLevel() {
        kms.withKey(Sample.KEY, Sample.LABELS, """
                {"versionTemplate":{"protectionLevel":"HSM_SINGLE_TENANT"},
                 "cryptoKeyBackend":"projects/acme-kms-prod/locations/us-east5/singleTenantHsmInstances/ours"}""").withPolicy(Sample.KEY, Sample.GRANTED);

        assertThat(refusal(Sample.onboarding(Mode.PROVISION))).isEqualTo(Reason.KEY_PROTECTION_DIFFERS);
        assertThat(Answers.onboarding(step(SINGLE_TENANT, new SideBySide(Runnable::run))
                                .checkPrerequisites(Sample.onboarding(Mode.PROVISION)))
                        .warnings())
                .singleElement()
                .satisfies(warning -> {
                    assertThat(warning.severity()).isEqualTo(Severity.NOTICE);
                    assertThat(warning.message()).contains("whether Anthropic supports it is not known");
                });
    }

    @Test
    void aSingleTenantKeyIsNotCreatedForItNeedsAnInstanceOfItsOwner() {
        OnboardingRequest asked = Sample.request(Mode.PROVISION, Sample.KEY);
        Onboarding onboarding = Sample.onboarding(new OnboardingRequest(
                asked.requestId(),
                asked.mode(),
                asked.key(),
                Optional.of(ProtectionLevel.HSM_SINGLE_TENANT),
                asked.rotationPeriod(),
                asked.destroyScheduledDuration(),
                asked.labels(),
                asked.displayName(),
                asked.workspaceId(),
                true));

        Finding finding = Answers.finding(
                step(SINGLE_TENANT, new SideBySide(Runnable::run)).checkPrerequisites(onboarding));

        assertThat(finding.reason()).isEqualTo(Reason.KEY_NOT_FOUND);
        assertThat(finding.remedy().get(0))
                .startsWith("create the key with the full resource name of your single-tenant HSM instance")
                .contains("--protection-level=hsm-single-tenant --crypto-key-backend=SINGLE_TENANT_HSM_INSTANCE");
    }

    @Test
    void whatThisOnboardingAddsItselfIsNoObstacle() {
        kms.withKey(Sample.KEY, Map.of());

        assertThat(Answers.outcome(step.checkPrerequisites(Sample.onboarding(Mode.PROVISION))))
                .isEqualTo(StepOutcome.CHECKED);
    }

    @Test
    void aPrimaryVersionThatIsStillGeneratedIsAskedForAgain() {
        kms.withKey(Sample.KEY, Sample.LABELS)
                .withVersion(Sample.KEY, 1, "PENDING_IMPORT")
                .withPolicy(Sample.KEY, Sample.GRANTED);

        assertThatThrownBy(() -> step.checkPrerequisites(Sample.onboarding(Mode.PROVISION)))
                .isInstanceOfSatisfying(
                        TransientException.class,
                        retried -> assertThat(retried.reason()).isEqualTo(Reason.KEY_VERSION_NOT_READY));
    }

    // --- our own permissions -------------------------------------------------------------------------------------

    @Test
    void aMissingPermissionIsNamedBeforeTheRingIsMade() {
        resources.deny("cloudkms.cryptoKeys.create");

        Finding finding = refused(Sample.onboarding(Mode.PROVISION));

        assertThat(finding.reason()).isEqualTo(Reason.PERMISSION_DENIED);
        assertThat(finding.message())
                .contains("lacks cloudkms.cryptoKeys.create on project acme-kms-prod")
                .contains(Sample.KEY.toString());
        assertThat(finding.remedy())
                .startsWith(
                        "gcloud iam roles create cmekOnboarding --project=acme-kms-prod"
                                + " --permissions=cloudkms.cryptoKeys.create",
                        "gcloud projects add-iam-policy-binding acme-kms-prod"
                                + " --member=serviceAccount:FUNCTION_SERVICE_ACCOUNT"
                                + " --role=projects/acme-kms-prod/roles/cmekOnboarding --condition=None");
    }

    @Test
    void aPermissionHeldOnTheKeyItselfCounts() {
        kms.withKey(Sample.KEY, Sample.LABELS);
        resources.deny("cloudkms.cryptoKeys.setIamPolicy");

        assertThat(Answers.outcome(step.checkPrerequisites(Sample.onboarding(Mode.PROVISION))))
                .isEqualTo(StepOutcome.CHECKED);
    }

    @Test
    void whatIsThereAlreadyNeedsNoPermissionToMakeIt() {
        kms.withKey(Sample.KEY, Sample.LABELS).withPolicy(Sample.KEY, Sample.GRANTED);
        resources.deny("cloudkms.keyRings.create", "cloudkms.cryptoKeys.create", "cloudkms.cryptoKeys.setIamPolicy");

        assertThat(Answers.outcome(step.checkPrerequisites(Sample.onboarding(Mode.PROVISION))))
                .isEqualTo(StepOutcome.CHECKED);
    }

    @Test
    void anAccountThatWritesNothingSaysNothingOfTheOneThatDoes() {
        for (String lacked : List.of(
                "cloudkms.keyRings.create",
                "cloudkms.cryptoKeys.create",
                "cloudkms.cryptoKeys.update",
                "cloudkms.cryptoKeys.get",
                "cloudkms.cryptoKeys.setIamPolicy")) {
            kms.google().deny(lacked);
            resources.deny(lacked);
        }

        assertThat(Answers.onboarding(step.checkPrerequisites(Sample.onboarding(Mode.PROVISION)))
                        .warnings())
                .extracting(Finding::reason)
                .containsExactly(Reason.PRINCIPALS_UNKNOWN);
    }

    @Test
    void aKeyThatOthersManageNeedsNoPermissionToWrite() {
        resources.deny("cloudkms.cryptoKeys.create");

        assertThat(Answers.outcome(step.checkPrerequisites(Sample.onboarding(Mode.VALIDATE))))
                .isEqualTo(StepOutcome.CHECKED);
    }

    @Test
    void permissionsThatCannotBeKnownAreAWarning() {
        resources.hide(ProjectInProcess.PROJECT);

        assertThat(Answers.onboarding(step.checkPrerequisites(Sample.onboarding(Mode.PROVISION)))
                        .warnings())
                .extracting(Finding::reason)
                .containsExactly(Reason.PERMISSION_DENIED, Reason.PRINCIPALS_UNKNOWN, Reason.AUDIT_LOGS_UNKNOWN);
    }

    @Test
    void eachResourceIsAskedForItsOwnPermissions() {
        List<String> asked = new ArrayList<>();
        project.with((call, google) -> {
            if (call.path().endsWith(ProjectInProcess.PROJECT + ":testIamPermissions")) {
                asked.add(call.text());
            }
            return google.answer(call);
        });
        step.checkPrerequisites(Sample.onboarding(Mode.PROVISION));
        assertThat(asked)
                .containsExactly(
                        "{\"permissions\":[\"cloudkms.keyRings.create\"]}",
                        "{\"permissions\":[\"cloudkms.cryptoKeys.create\",\"cloudkms.cryptoKeys.getIamPolicy\","
                                + "\"cloudkms.cryptoKeys.setIamPolicy\"]}");

        asked.clear();
        kms.withRing(Sample.KEY.ring()).with((call, apis) -> {
            if (call.path().endsWith(Sample.KEY.ring() + ":testIamPermissions")) {
                asked.add(call.text());
            }
            return apis.answer(call);
        });
        step.checkPrerequisites(Sample.onboarding(Mode.PROVISION));
        assertThat(asked)
                .containsExactly(
                        "{\"permissions\":[\"cloudkms.cryptoKeys.create\"]}",
                        "{\"permissions\":[\"cloudkms.cryptoKeys.getIamPolicy\",\"cloudkms.cryptoKeys.setIamPolicy\"]}");
    }

    @Test
    void aKeyThatNeedsNothingIsNotAskedFor() {
        kms.withKey(Sample.KEY, Sample.LABELS).withPolicy(Sample.KEY, Sample.GRANTED);

        step.checkPrerequisites(Sample.onboarding(Mode.PROVISION));

        assertThat(kms.calls()).noneMatch(call -> call.startsWith("TestIamPermissions"));
        assertThat(project.calls()).noneMatch(call -> call.startsWith("TestIamPermissions"));
    }

    @Test
    void aQuestionThatIsRefusedIsUnknownAndNoRefusal() {
        kms.withKey(Sample.KEY, Sample.LABELS)
                .refusing(
                        Faults.calls("POST", ".*:testIamPermissions"),
                        GoogleReply.error(400, "INVALID_ARGUMENT", "no such permission"));

        Finding warning = warned(Sample.onboarding(Mode.PROVISION));

        assertThat(warning.reason()).isEqualTo(Reason.PERMISSION_DENIED);
        assertThat(warning.severity()).isEqualTo(Severity.NOTICE);
        assertThat(warning.message())
                .startsWith("could not determine in advance")
                .contains("400 INVALID_ARGUMENT");
    }

    // --- unexpected principals
    // -----------------------------------------------------------------------------------------------

    @Test
    void aLookAlikeOnTheKeyIsRefusedBeforeAnyWrite() {
        kms.withKey(Sample.KEY, Map.of())
                .withPolicy(Sample.KEY, Sample.GRANTED.replace("cmek-client-us@", "cmek-client-uss@"));

        assertThat(refusal(Sample.onboarding(Mode.PROVISION))).isEqualTo(Reason.UNEXPECTED_PRINCIPAL);
    }

    // --- organization policies -----------------------------------------------------------------------------------

    @Test
    void aListOfMembersWithoutAnthropicIsRefused() {
        allowMembers("\"user:anna@example.com\"", "");

        Finding finding = refused(Sample.onboarding(Mode.PROVISION));

        assertThat(finding.reason()).isEqualTo(Reason.DOMAIN_RESTRICTED_SHARING);
        assertThat(finding.message())
                .contains("iam.managed.allowedPolicyMembers", AnthropicPrincipal.MEMBER, "acme-kms-prod");
        assertThat(finding.remedy())
                .contains("gcloud org-policies set-policy acme-kms-prod-allowed-policy-members.json");
    }

    @Test
    void aListOfMembersAndOurOwnOrganizationIsRefusedAsWell() {
        project.in("organizations/42");
        allowMembers("", "\"//cloudresourcemanager.googleapis.com/organizations/42\"");

        assertThat(refusal(Sample.onboarding(Mode.PROVISION))).isEqualTo(Reason.DOMAIN_RESTRICTED_SHARING);
    }

    @Test
    void anotherOrganizationMayBeAnthropic() {
        allowMembers("", "\"//cloudresourcemanager.googleapis.com/organizations/99\"");

        assertThat(warned(Sample.onboarding(Mode.PROVISION)).reason()).isEqualTo(Reason.DOMAIN_RESTRICTED_SHARING);
    }

    @Test
    void aListOfMembersWithAnthropicIsNoObstacle() {
        allowMembers("\"" + AnthropicPrincipal.MEMBER + "\"", "");

        assertThat(Answers.onboarding(step.checkPrerequisites(Sample.onboarding(Mode.PROVISION)))
                        .warnings())
                .isEmpty();
    }

    @Test
    void customerIdsAreAWarningForOnlyTheGrantDecides() {
        policies.allow("iam.allowedPolicyMemberDomains", "is:C0abc");

        Finding warning = warned(Sample.onboarding(Mode.PROVISION));

        assertThat(warning.reason()).isEqualTo(Reason.DOMAIN_RESTRICTED_SHARING);
        assertThat(warning.remedy())
                .contains("gcloud org-policies describe iam.allowedPolicyMemberDomains --effective"
                        + " --project=acme-kms-prod");
    }

    @Test
    void aGrantThatIsThereIsNotStoppedByAPolicy() {
        kms.withKey(Sample.KEY, Sample.LABELS).withPolicy(Sample.KEY, Sample.GRANTED);
        allowMembers("\"user:anna@example.com\"", "");
        policies.allow("cloudkms.allowedProtectionLevels", "SOFTWARE");

        assertThat(Answers.onboarding(step.checkPrerequisites(Sample.onboarding(Mode.PROVISION)))
                        .warnings())
                .isEmpty();
    }

    @Test
    void aForbiddenProtectionLevelIsRefused() {
        policies.allow("cloudkms.allowedProtectionLevels", "is:SOFTWARE");

        assertThat(refused(Sample.onboarding(Mode.PROVISION)).message())
                .contains("does not allow protection level HSM (it allows is:SOFTWARE)");
    }

    @Test
    void aForbiddenLocationIsRefused() {
        policies.allow("gcp.resourceLocations", "in:us-central1-locations", "in:eu-locations");

        assertThat(refusal(Sample.onboarding(Mode.PROVISION))).isEqualTo(Reason.LOCATION_NOT_SUPPORTED);
    }

    @Test
    void aGroupOfLocationsThatHoldsOursIsNoObstacle() {
        policies.allow("gcp.resourceLocations", "in:us-locations");

        assertThat(Answers.onboarding(step.checkPrerequisites(Sample.onboarding(Mode.PROVISION)))
                        .warnings())
                .isEmpty();
    }

    @Test
    void aPolicyUnderAConditionIsAWarning() {
        rule("gcp.resourceLocations", """
                {"values":{"allowedValues":["in:eu-locations"]},"condition":{"expression":"resource.matchTag('a/b','c')"}}""");

        Finding warning = warned(Sample.onboarding(Mode.PROVISION));

        assertThat(warning.reason()).isEqualTo(Reason.ORGANIZATION_POLICY);
        assertThat(warning.message()).contains("gcp.resourceLocations", "condition");
    }

    @Test
    void aGroupOfLocationsThatIsNotResolvedHereIsANoticeOfThePolicy() {
        policies.allow("gcp.resourceLocations", "in:low-carbon-us-locations", "in:eu-locations");

        Finding warning = warned(Sample.onboarding(Mode.PROVISION));

        assertThat(warning.reason()).isEqualTo(Reason.ORGANIZATION_POLICY);
        assertThat(warning.severity()).isEqualTo(Severity.NOTICE);
        assertThat(warning.message())
                .contains(
                        "gcp.resourceLocations",
                        "location us-east5",
                        "in:low-carbon-us-locations is not resolved here");
    }

    @Test
    void aGroupOfDeniedLocationsThatIsNotResolvedHereIsANoticeToo() {
        rule("gcp.resourceLocations", "{\"values\":{\"deniedValues\":[\"in:low-carbon-us-locations\"]}}");

        assertThat(warned(Sample.onboarding(Mode.PROVISION)).reason()).isEqualTo(Reason.ORGANIZATION_POLICY);
    }

    @Test
    void aGroupOfAnotherContinentIsResolvedWhateverItsPart() {
        policies.allow("gcp.resourceLocations", "in:low-carbon-europe-locations");

        assertThat(refusal(Sample.onboarding(Mode.PROVISION))).isEqualTo(Reason.LOCATION_NOT_SUPPORTED);
    }

    @Test
    void aPolicyThatDeniesEverybodyIsRefusedBeforeAnyWrite() {
        rule("iam.allowedPolicyMemberDomains", "{\"denyAll\":true}");

        assertThat(refusal(Sample.onboarding(Mode.PROVISION))).isEqualTo(Reason.DOMAIN_RESTRICTED_SHARING);
    }

    @Test
    void aListWithoutTheConfiguredCustomerIsRefusedBeforeAnyWrite() {
        policies.allow("iam.allowedPolicyMemberDomains", "is:C0acme");
        Outcome outcome = step(Sample.POLICY, new SideBySide(Runnable::run), Optional.of("C0anthropic"))
                .checkPrerequisites(Sample.onboarding(Mode.PROVISION));

        assertThat(Answers.finding(outcome).message())
                .contains("does not allow customer C0anthropic", "it allows is:C0acme");
    }

    @Test
    void aListWithTheConfiguredCustomerIsNoObstacle() {
        policies.allow("iam.allowedPolicyMemberDomains", "is:C0acme", "C0anthropic");
        Outcome outcome = step(Sample.POLICY, new SideBySide(Runnable::run), Optional.of("C0anthropic"))
                .checkPrerequisites(Sample.onboarding(Mode.PROVISION));

        assertThat(Answers.onboarding(outcome).warnings()).isEmpty();
    }

    @Test
    void anotherOrganizationsNumberSaysNothingOfTheConfiguredCustomer() {
        project.in("organizations/42");
        policies.allow("iam.allowedPolicyMemberDomains", "is:principalSet://iam.googleapis.com/organizations/99");
        Outcome outcome = step(Sample.POLICY, new SideBySide(Runnable::run), Optional.of("C0anthropic"))
                .checkPrerequisites(Sample.onboarding(Mode.PROVISION));

        assertThat(Answers.onboarding(outcome).warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.reason()).isEqualTo(Reason.DOMAIN_RESTRICTED_SHARING));
    }

    /** The one rule of a constraint. */
    private void rule(String constraint, String rule) {
        try {
            policies.rules(constraint, Json.MAPPER.createArrayNode().add(Json.MAPPER.readTree(rule)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(rule, e);
        }
    }

    private void allowMembers(String subjects, String principalSets) {
        rule("iam.managed.allowedPolicyMembers", """
                {"enforce":true,"parameters":{"allowedMemberSubjects":[%s],"allowedPrincipalSets":[%s]}}
                """.formatted(subjects, principalSets));
    }

    // --- deny policies -------------------------------------------------------------------------------------------

    @Test
    void aDenyPolicyAgainstEverybodyIsRefusedBeforeAnyWrite() {
        denyPolicies.attach("projects/acme-kms-prod", "no-decrypt", DenyRules.everybody("useToDecrypt"));

        Finding finding = refused(Sample.onboarding(Mode.PROVISION));

        assertThat(finding.reason()).isEqualTo(Reason.DENY_POLICY);
        assertThat(finding.message())
                .isEqualTo("the IAM deny policy no-decrypt of projects/acme-kms-prod denies "
                        + AnthropicPrincipal.MEMBER + " cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt on "
                        + Sample.KEY + ", whatever its roles grant");
    }

    @Test
    void aDenyPolicyNamesAnthropicOrAWildcardToo() {
        String account = "principal://iam.googleapis.com/projects/-/serviceAccounts/" + AnthropicPrincipal.EMAIL;
        for (String permission : List.of(
                "cloudkms.googleapis.com/cryptoKeyVersions.*",
                "cloudkms.googleapis.com/*.*",
                "cloudkms.googleapis.com/*.get",
                "cloudkms.googleapis.com/cryptoKeys.get")) {
            denyPolicies.attach("projects/acme-kms-prod", "d", DenyRules.rule(List.of(account), List.of(), permission));
            assertThat(refusal(Sample.onboarding(Mode.VALIDATE))).isEqualTo(Reason.DENY_POLICY);
        }
    }

    @Test
    void aDenyPolicyAgainstOthersOrOfOtherThingsIsNoObstacle() {
        String account = "principal://iam.googleapis.com/projects/-/serviceAccounts/" + AnthropicPrincipal.EMAIL;
        denyPolicies.attach(
                "projects/acme-kms-prod",
                "others",
                DenyRules.rule(List.of(DenyRules.EVERYBODY), List.of(account), "cloudkms.googleapis.com/*.*"),
                DenyRules.rule(
                        List.of("principal://goog/subject/anna@acme.example"),
                        List.of(),
                        "cloudkms.googleapis.com/*.*"),
                DenyRules.rule(
                        List.of(DenyRules.EVERYBODY), List.of(), "cloudkms.googleapis.com/cryptoKeyVersions.destroy"));

        assertThat(Answers.onboarding(step.checkPrerequisites(Sample.onboarding(Mode.PROVISION)))
                        .warnings())
                .isEmpty();
    }

    @Test
    void aDenyPolicyUnderAConditionOrWithExceptionsOfOthersIsANotice() {
        denyPolicies.attach(
                "projects/acme-kms-prod",
                "tagged",
                """
                {"deniedPrincipals":["principalSet://goog/public:all"],"deniedPermissions":["cloudkms.googleapis.com/*.*"],
                 "exceptionPermissions":["cloudkms.googleapis.com/cryptoKeys.get"],
                 "denialCondition":{"title":"production only","expression":"resource.matchTag('1/env', 'prod')"}}""",
                DenyRules.rule(
                        List.of(DenyRules.EVERYBODY),
                        List.of("principalSet://cloudresourcemanager.googleapis.com/organizations/99"),
                        "cloudkms.googleapis.com/*.*"));

        List<Finding> warnings = Answers.onboarding(step.checkPrerequisites(Sample.onboarding(Mode.PROVISION)))
                .warnings();

        assertThat(warnings)
                .hasSize(2)
                .allSatisfy(warning -> assertThat(warning.reason()).isEqualTo(Reason.DENY_POLICY))
                .allSatisfy(warning -> assertThat(warning.severity()).isEqualTo(Severity.NOTICE));
        assertThat(warnings.get(0).message()).contains("may deny", "condition \"production only\"");
        assertThat(warnings.get(1).message()).contains("may deny", "organizations/99");
    }

    @Test
    void anExceptionForOurOwnOrganizationDoesNotExceptAnthropic() {
        project.in("organizations/42");
        denyPolicies.attach(
                "organizations/42",
                "outsiders",
                DenyRules.rule(
                        List.of(DenyRules.EVERYBODY),
                        List.of("principalSet://cloudresourcemanager.googleapis.com/organizations/42"),
                        "cloudkms.googleapis.com/*.*"));

        assertThat(refusal(Sample.onboarding(Mode.PROVISION))).isEqualTo(Reason.DENY_POLICY);
    }

    @Test
    void denyPoliciesOfTheProjectThatCannotBeReadAreANotice() {
        denyPolicies.deny(ProjectInProcess.PROJECT);

        Finding warning = warned(Sample.onboarding(Mode.PROVISION));

        assertThat(warning.reason()).isEqualTo(Reason.DENY_POLICY);
        assertThat(warning.severity()).isEqualTo(Severity.NOTICE);
        assertThat(warning.message()).contains("iam.denypolicies.list");
    }

    @Test
    void aDestroyDurationThatIsTooShortIsRefused() {
        policies.allow("cloudkms.minimumDestroyScheduledDuration", "in:90d");

        Finding finding = refused(Sample.onboarding(Mode.PROVISION));

        assertThat(finding.reason()).isEqualTo(Reason.INVALID_REQUEST);
        assertThat(finding.message()).contains("destroyScheduledDuration is P60D", "at least P90D");
    }

    @Test
    void policiesThatCannotBeReadAreOneWarning() {
        policies.deny();

        Finding warning = warned(Sample.onboarding(Mode.PROVISION));

        assertThat(warning.reason()).isEqualTo(Reason.ORGANIZATION_POLICY);
        assertThat(warning.severity()).isEqualTo(Severity.NOTICE);
        assertThat(warning.message())
                .contains("iam.managed.allowedPolicyMembers", "gcp.resourceLocations", "orgpolicy.policy.get");
    }

    // --- side by side --------------------------------------------------------------------------------------------

    @Test
    void theMostImportantRefusalWinsWhicheverReadIsFirst() {
        simulator.archive(WORKSPACE);
        project.serviceUsage().disable("acme-kms-prod", "cloudkms.googleapis.com");
        List<Runnable> begun = new ArrayList<>();
        CheckPrerequisites later = step(Sample.POLICY, new SideBySide(work -> {
            begun.add(work);
            // The audit logs are the last read to begin: from there on they run in the opposite order.
            if (begun.size() == READS) {
                List<Runnable> backwards = new ArrayList<>(begun);
                Collections.reverse(backwards);
                backwards.forEach(Runnable::run);
            }
        }));

        assertThat(Answers.finding(later.checkPrerequisites(Sample.onboarding(Mode.PROVISION)))
                        .reason())
                .isEqualTo(Reason.KMS_API_DISABLED);
        assertThat(begun).hasSizeGreaterThanOrEqualTo(READS);
    }

    @Test
    void theReadsReallyRunSideBySide() {
        CountDownLatch allAtOnce = new CountDownLatch(READS);
        AtomicBoolean sideBySide = new AtomicBoolean(true);
        ExecutorService threads = Executors.newFixedThreadPool(READS);
        try {
            CheckPrerequisites parallel = step(
                    Sample.POLICY,
                    new SideBySide(work -> threads.execute(() -> {
                        allAtOnce.countDown();
                        if (!begins(allAtOnce)) {
                            sideBySide.set(false);
                        }
                        work.run();
                    })));

            assertThat(Answers.outcome(parallel.checkPrerequisites(Sample.onboarding(Mode.PROVISION))))
                    .isEqualTo(StepOutcome.CHECKED);
            assertThat(sideBySide).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    /** Each read waits until all have begun; one after the other they never would. */
    private static boolean begins(CountDownLatch allAtOnce) {
        try {
            return allAtOnce.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void aRefusalIsToldEvenWhileSomethingElseDoesNotAnswer() {
        admin.each("GET", "me", Faults.reset());
        project.serviceUsage().disable("acme-kms-prod", "cloudkms.googleapis.com");

        assertThat(refusal(Sample.onboarding(Mode.PROVISION))).isEqualTo(Reason.KMS_API_DISABLED);
    }

    @Test
    void withoutARefusalWhatDoesNotAnswerIsAskedAgainLater() {
        admin.each("GET", "me", Faults.reset());

        assertThatThrownBy(() -> step.checkPrerequisites(Sample.onboarding(Mode.PROVISION)))
                .isInstanceOf(TransientException.class);
    }

    @Test
    void aDisabledApiShowsInTheErrorsOfCloudKmsToo() {
        project.with(Faults.every(
                1,
                Faults.calls("GET", "/v1/projects/[^/]+/services/.*"),
                Faults.reply(GoogleReply.error(403, "PERMISSION_DENIED", "not you"))));
        kms.google().disableApi("acme-kms-prod");

        assertThat(refusal(Sample.onboarding(Mode.PROVISION))).isEqualTo(Reason.KMS_API_DISABLED);
    }

    @Test
    void missingBillingShowsInTheErrorsOfCloudKms() {
        kms.google().disableBilling("acme-kms-prod");

        assertThat(refusal(Sample.onboarding(Mode.PROVISION))).isEqualTo(Reason.BILLING_DISABLED);
    }

    // --- audit logs ----------------------------------------------------------------------------------------------

    @Test
    void auditLogsThatAreOffAreAWarning() {
        resources.auditConfigs(ProjectInProcess.PROJECT, Json.MAPPER.createArrayNode());

        assertThat(warned(Sample.onboarding(Mode.PROVISION)).reason()).isEqualTo(Reason.AUDIT_LOGS_OFF);
    }

    @Test
    void auditLogsThatAreOffAreRefusedWhereTheyAreRequired() {
        resources.auditConfigs(ProjectInProcess.PROJECT, Json.MAPPER.createArrayNode());

        Outcome outcome =
                step(REQUIRING, new SideBySide(Runnable::run)).checkPrerequisites(Sample.onboarding(Mode.PROVISION));

        assertThat(Answers.finding(outcome).reason()).isEqualTo(Reason.AUDIT_LOGS_OFF);
    }
}
