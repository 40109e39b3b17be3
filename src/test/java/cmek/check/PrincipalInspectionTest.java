package cmek.check;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.check.InheritedReads.Reach;
import cmek.check.PrincipalInspection.Exposure;
import cmek.client.kms.Policies;
import cmek.config.OwnAccounts;
import cmek.fake.Checks;
import cmek.fake.KmsInProcess;
import cmek.fake.ProjectInProcess;
import cmek.fake.Sample;
import cmek.finding.Finding;
import cmek.finding.KeyFindings;
import cmek.finding.Severity;
import cmek.model.AnthropicPrincipal;
import cmek.model.RoleBinding;
import cmek.model.UnexpectedPrincipal;
import cmek.model.UnexpectedPrincipal.Kind;
import cmek.simulator.ResourceManagerSimulator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who else can decrypt, member by member and role by role. */
class PrincipalInspectionTest {

    private static final String PROJECT = "projects/acme-kms-prod";
    private static final String NUMBER = ProjectInProcess.NUMBER;
    private static final String OTHER = "999999999999";
    private static final String DECRYPTER = "roles/cloudkms.cryptoKeyDecrypter";
    private static final String BOTH = "roles/cloudkms.cryptoKeyEncrypterDecrypter";
    private static final String ADMIN = "roles/cloudkms.admin";
    private static final String CUSTOM = PROJECT + "/roles/whatever";
    private static final String OURS = "cmek-grant-access@acme-cmek.iam.gserviceaccount.com";
    private static final String POOLS = "//iam.googleapis.com/projects/%s/locations/global/workloadIdentityPools/";
    private static final String SET = "principalSet://cloudresourcemanager.googleapis.com/";

    private final KmsInProcess kms = new KmsInProcess().withRing(Sample.KEY.ring());
    private final ProjectInProcess project = new ProjectInProcess().in("folders/8", "organizations/7");
    private final ResourceManagerSimulator resources = project.resourceManager();

    private Exposure inspect(List<RoleBinding> own, Reach reach) {
        return new PrincipalInspection(new OwnAccounts(Set.of(OURS)))
                .inspect(
                        Sample.KEY, own, Checks.inherited(kms.client(), project).afresh(), reach);
    }

    private Optional<Kind> kindOf(String member, String role) {
        List<UnexpectedPrincipal> found = inspect(
                        List.of(new RoleBinding(role, List.of(member), false)), Reach.ORGANIZATION)
                .principals();
        assertThat(found).hasSizeLessThan(2);
        return found.stream().map(UnexpectedPrincipal::kind).findFirst();
    }

    static Stream<Arguments> onTheKey() {
        List<Arguments> rows = new ArrayList<>();
        for (String role : List.of(DECRYPTER, BOTH, "roles/owner", "roles/admin", ADMIN, "roles/iam.securityAdmin")) {
            for (String member : List.of("allUsers", "allAuthenticatedUsers", "principalSet://goog/public:all")) {
                rows.add(row(member, role, Kind.PUBLIC));
            }
            for (String member : List.of(
                    "serviceAccount:evil-proj-1@appspot.gserviceaccount.com",
                    "serviceAccount:app@evil-proj-1.iam.gserviceaccount.com",
                    "serviceAccount:app@acme-kms-prod.example.com.iam.gserviceaccount.com",
                    "serviceAccount:service-" + NUMBER + "@evil-proj-1.iam.gserviceaccount.com",
                    "serviceAccount:evil-proj-1.svc.id.goog[default/app]",
                    "serviceAccount:" + OTHER + "-compute@developer.gserviceaccount.com",
                    "serviceAccount:" + OTHER + "@cloudbuild.gserviceaccount.com",
                    "serviceAccount:" + OTHER + "@cloudservices.gserviceaccount.com",
                    "user:app@evil-proj-1.iam.gserviceaccount.com",
                    "principalSet:" + POOLS.formatted(OTHER) + "github/*",
                    "principal:" + POOLS.formatted(OTHER) + "github/subject/repo",
                    SET + "projects/" + OTHER + "/type/ServiceAccount",
                    SET + "organizations/7/type/ServiceAccount",
                    SET + "organizations/999/type/ServiceAccount",
                    "principal://agents.global.org-999.system.id.goog/resources/x",
                    "projectOwner:evil-proj-1",
                    "projectEditor:evil-proj-1",
                    "projectViewer:evil-proj-1")) {
                rows.add(row(member, role, Kind.OUTSIDE));
            }
        }
        for (String agent : List.of(
                "service-%s@gcp-sa-pubsub",
                "service-%s@cloudcomposer-accounts",
                "project-%s@storage-transfer-service",
                "bq-%s@bigquery-encryption",
                "cmek-p%s@gcp-sa-logging")) {
            rows.add(agent(agent.formatted(NUMBER), null));
            rows.add(agent(agent.formatted(OTHER), Kind.GOOGLE_AGENT));
        }
        rows.addAll(List.of(
                agent("service-org-7@gcp-sa-logging", null),
                agent("service-folder-8@gcp-sa-logging", null),
                agent("service-org-999@gcp-sa-logging", Kind.GOOGLE_AGENT),
                agent("service-folder-999@gcp-sa-logging", Kind.GOOGLE_AGENT),
                agent("service-" + NUMBER + "@gcp-sa-evil", Kind.GOOGLE_AGENT),
                agent("somebody@gcp-sa-pubsub", Kind.GOOGLE_AGENT),
                row("serviceAccount:cloud-logs@system.gserviceaccount.com", BOTH, Kind.GOOGLE_AGENT),
                row(SET + "organizations/7/type/ServiceAgent", BOTH, Kind.GOOGLE_AGENT),
                row("serviceAccount:app@acme-kms-prod.iam.gserviceaccount.com", DECRYPTER, null),
                row("serviceAccount:app@acme-kms-prod.iam.gserviceaccount.com", ADMIN, Kind.ADMINISTRATOR),
                row("serviceAccount:acme-kms-prod@appspot.gserviceaccount.com", DECRYPTER, null),
                row("serviceAccount:acme-kms-prod.svc.id.goog[default/app]", DECRYPTER, null),
                row("serviceAccount:" + NUMBER + "-compute@developer.gserviceaccount.com", DECRYPTER, null),
                row("serviceAccount:" + NUMBER + "@cloudbuild.gserviceaccount.com", ADMIN, Kind.ADMINISTRATOR),
                row("principal:" + POOLS.formatted(NUMBER) + "github/subject/repo", DECRYPTER, null),
                row("principalSet:" + POOLS.formatted(NUMBER) + "github/*", DECRYPTER, Kind.UNKNOWN_MEMBER),
                row(SET + "projects/" + NUMBER + "/type/ServiceAccount", DECRYPTER, null),
                row("projectOwner:acme-kms-prod", DECRYPTER, null),
                row("projectOwner:acme-kms-prod", ADMIN, Kind.ADMINISTRATOR),
                row("user:anna@example.com", DECRYPTER, null),
                row("group:keys@example.com", BOTH, null),
                row("domain:example.com", BOTH, null),
                row("user:anna@example.com", ADMIN, Kind.ADMINISTRATOR),
                row("group:keys@example.com", "roles/owner", Kind.ADMINISTRATOR),
                row("principalSet://iam.googleapis.com/locations/global/workforcePools/p/*", BOTH, Kind.UNKNOWN_MEMBER),
                row("principal://agents.global.org-7.system.id.goog/resources/x", BOTH, Kind.UNKNOWN_MEMBER),
                row("principal://somewhere.else/x", BOTH, Kind.UNKNOWN_MEMBER),
                row("robot:r2d2", ADMIN, Kind.UNKNOWN_MEMBER),
                row("deleted:serviceAccount:app@evil-proj-1.iam.gserviceaccount.com?uid=1", BOTH, Kind.DELETED),
                row("deleted:serviceAccount:app@acme-kms-prod.iam.gserviceaccount.com?uid=1", ADMIN, null),
                row("deleted:user:anna@example.com?uid=1", ADMIN, null),
                row("deleted:" + AnthropicPrincipal.MEMBER + "?uid=1", BOTH, null),
                row(
                        "serviceAccount:anthropic-cmek-client-us@evil.iam.gserviceaccount.com",
                        "roles/cloudkms.viewer",
                        Kind.LOOK_ALIKE),
                row(
                        "principal:" + POOLS.formatted(NUMBER) + "p/subject/anthropic-cmek-client-us",
                        BOTH,
                        Kind.LOOK_ALIKE),
                row(AnthropicPrincipal.MEMBER, BOTH, null),
                row(AnthropicPrincipal.MEMBER, "roles/cloudkms.viewer", null),
                row(AnthropicPrincipal.MEMBER, ADMIN, Kind.ANTHROPIC),
                row("serviceAccount:" + OURS, ADMIN, null),
                row("serviceAccount:" + OURS, BOTH, Kind.OUTSIDE),
                row("allUsers", "roles/cloudkms.viewer", null),
                row("allUsers", "roles/cloudkms.publicKeyViewer", null),
                row("allUsers", "roles/resourcemanager.projectIamAdmin", null),
                row(
                        "serviceAccount:app@evil-proj-1.iam.gserviceaccount.com",
                        "roles/cloudkms.cryptoKeyEncrypter",
                        null),
                row("serviceAccount:app@evil-proj-1.iam.gserviceaccount.com", "roles/editor", null),
                row(
                        "serviceAccount:app@evil-proj-1.iam.gserviceaccount.com",
                        "roles/cloudkms.brandNew",
                        Kind.UNKNOWN_ROLE),
                row("serviceAccount:app@evil-proj-1.iam.gserviceaccount.com", CUSTOM, Kind.UNKNOWN_ROLE),
                row("allUsers", CUSTOM, Kind.UNKNOWN_ROLE),
                row("serviceAccount:app@acme-kms-prod.iam.gserviceaccount.com", CUSTOM, null),
                row("user:anna@example.com", CUSTOM, null)));
        return rows.stream();
    }

    private static Arguments agent(String account, @org.jspecify.annotations.Nullable Kind kind) {
        return row("serviceAccount:" + account + ".iam.gserviceaccount.com", BOTH, kind);
    }

    private static Arguments row(String member, String role, @org.jspecify.annotations.Nullable Kind kind) {
        return Arguments.of(member, role, Optional.ofNullable(kind));
    }

    @ParameterizedTest
    @MethodSource("onTheKey")
    void aMemberOfTheKeysOwnPolicyIsJudgedByWhoseItIsAndWhatItsRoleLetsItDo(
            String member, String role, Optional<Kind> kind) {
        assertThat(kindOf(member, role)).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "serviceAccount:" + OTHER + "-compute@developer.gserviceaccount.com",
        "serviceAccount:" + OTHER + "@cloudbuild.gserviceaccount.com",
        "serviceAccount:" + NUMBER + "-compute@developer.gserviceaccount.com",
        "serviceAccount:service-" + NUMBER + "@gcp-sa-pubsub.iam.gserviceaccount.com",
        "principalSet://iam.googleapis.com/projects/" + OTHER + "/locations/global/workloadIdentityPools/github/*",
        SET + "projects/" + OTHER + "/type/ServiceAccount"
    })
    void aNumberThatCannotBeComparedIsANotice(String member) {
        resources.hide(PROJECT);

        assertThat(kindOf(member, DECRYPTER)).contains(Kind.UNKNOWN_PROJECT);
    }

    @Test
    void anOrganizationThatCannotBeReadIsNotComparedWith() {
        resources.hide("folders/8");

        assertThat(kindOf("serviceAccount:service-org-7@gcp-sa-logging.iam.gserviceaccount.com", BOTH))
                .contains(Kind.UNKNOWN_PROJECT);
    }

    static Stream<Arguments> customRoles() {
        return Stream.of(
                Arguments.of("cloudkms.cryptoKeyVersions.useToDecrypt", Kind.OUTSIDE, Kind.OUTSIDE),
                Arguments.of("cloudkms.cryptoKeyVersions.useToDecryptViaDelegation", Kind.OUTSIDE, Kind.OUTSIDE),
                Arguments.of("cloudkms.cryptoKeys.setIamPolicy", Kind.OUTSIDE, Kind.OUTSIDE),
                Arguments.of("cloudkms.keyRings.setIamPolicy", Kind.OUTSIDE, Kind.OUTSIDE),
                Arguments.of("resourcemanager.projects.setIamPolicy", null, Kind.OUTSIDE),
                Arguments.of("resourcemanager.organizations.setIamPolicy", null, Kind.OUTSIDE),
                Arguments.of("iam.roles.update", null, Kind.OUTSIDE),
                Arguments.of("iam.serviceAccounts.getAccessToken", null, Kind.IMPERSONATOR),
                Arguments.of("iam.serviceAccountKeys.create", null, Kind.IMPERSONATOR),
                Arguments.of("cloudkms.cryptoKeys.get", null, null));
    }

    @ParameterizedTest
    @MethodSource("customRoles")
    void aCustomRoleIsJudgedByItsPermissions(
            String permission,
            @org.jspecify.annotations.Nullable Kind onKey,
            @org.jspecify.annotations.Nullable Kind onProject) {
        String member = "serviceAccount:app@evil-proj-1.iam.gserviceaccount.com";
        project.roles().withRole(CUSTOM, permission);

        assertThat(kindOf(member, CUSTOM)).isEqualTo(Optional.ofNullable(onKey));

        resources.bind(PROJECT, CUSTOM, member);
        assertThat(inspect(List.of(), Reach.PROJECT).principals())
                .extracting(UnexpectedPrincipal::kind)
                .isEqualTo(onProject == null ? List.of() : List.of(onProject));
    }

    @Test
    void aCustomRoleIsReadOnceAndOnlyWhereOneIsBound() {
        String member = "serviceAccount:app@evil-proj-1.iam.gserviceaccount.com";

        inspect(List.of(new RoleBinding(DECRYPTER, List.of(member), false)), Reach.ORGANIZATION);
        assertThat(rolesRead()).isEmpty();

        inspect(List.of(new RoleBinding(CUSTOM, List.of(member, "allUsers"), false)), Reach.ORGANIZATION);
        assertThat(rolesRead()).containsExactly("GET " + CUSTOM);
    }

    private List<String> rolesRead() {
        return project.calls().stream().filter(call -> call.contains("/roles/")).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {PROJECT, "folders/8", "organizations/7"})
    void whatIsInheritedNamesItsPlace(String resource) {
        resources
                .bind(resource, DECRYPTER, "allUsers")
                .bind(resource, "roles/resourcemanager.organizationAdmin", "user:anna@example.com")
                .bind(resource, "roles/editor", "serviceAccount:app@evil-proj-1.iam.gserviceaccount.com")
                .bind(resource, DECRYPTER, AnthropicPrincipal.MEMBER);

        assertThat(inspect(List.of(), Reach.ORGANIZATION).principals())
                .extracting(UnexpectedPrincipal::kind)
                .containsExactly(Kind.PUBLIC, Kind.IMPERSONATOR, Kind.ANTHROPIC_WIDER, Kind.ADMINISTRATOR);
        assertThat(inspect(List.of(), Reach.ORGANIZATION).principals())
                .extracting(UnexpectedPrincipal::inheritedFrom)
                .containsOnly(Optional.of(resource));
    }

    @Test
    void aRingsPolicyCounts() {
        kms.google().bind(Sample.KEY.ring().toString(), DECRYPTER, "allUsers");

        assertThat(inspect(List.of(), Reach.PROJECT).principals())
                .containsExactly(new UnexpectedPrincipal(
                        "allUsers",
                        DECRYPTER,
                        Kind.PUBLIC,
                        Optional.of(Sample.KEY.ring().toString())));
    }

    @Test
    void aConditionDoesNotExcuse() {
        assertThat(inspect(List.of(new RoleBinding(DECRYPTER, List.of("allUsers"), true)), Reach.PROJECT)
                        .principals())
                .hasSize(1);
    }

    @Test
    void whatCannotBeReadIsSaid() {
        kms.google().deny("cloudkms.keyRings.getIamPolicy");
        resources.hide("folders/8");

        assertThat(inspect(List.of(), Reach.ORGANIZATION).unread())
                .hasSize(3)
                .anySatisfy(why -> assertThat(why).contains("cloudkms.keyRings.getIamPolicy"))
                .anySatisfy(why -> assertThat(why).contains("GetIamPolicy on folders/8"))
                .anySatisfy(why -> assertThat(why).contains("GetFolder on folders/8"));
    }

    @Test
    void nothingIsUnreadWhereEverythingIsRead() {
        assertThat(inspect(List.of(), Reach.ORGANIZATION))
                .isEqualTo(new Exposure(
                        List.of(),
                        List.of(),
                        List.of("the key", "its key ring", PROJECT, "folders/8", "organizations/7")));
        assertThat(project.calls())
                .containsExactlyInAnyOrder(
                        "GetProject " + PROJECT,
                        "GetFolder folders/8",
                        "GetIamPolicy " + PROJECT,
                        "GetIamPolicy folders/8",
                        "GetIamPolicy organizations/7");
    }

    // --- what is said of it --------------------------------------------------------------------------------------

    private List<Finding> findings(List<RoleBinding> own) {
        return KeyFindings.unexpectedPrincipals(
                Sample.KEY, inspect(own, Reach.ORGANIZATION).principals());
    }

    @Test
    void aHundredAdministratorsAreOneNotice() {
        for (int i = 0; i < 100; i++) {
            resources.bind("organizations/7", "roles/iam.securityAdmin", "user:admin" + i + "@example.com");
        }

        assertThat(findings(List.of())).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.NOTICE);
            assertThat(finding.message()).contains("user:admin0@example.com", "and 85 more");
            assertThat(finding.remedy()).noneMatch(line -> line.startsWith("gcloud"));
        });
    }

    @Test
    void theRemovalIsTheOneOfTheLevel() {
        resources
                .bind(PROJECT, DECRYPTER, "allUsers")
                .bind("folders/8", DECRYPTER, "allUsers")
                .bind("organizations/7", DECRYPTER, "allUsers");
        kms.google().bind(Sample.KEY.ring().toString(), DECRYPTER, "allUsers");
        String flags = "--member=allUsers --role=" + DECRYPTER + " --all";

        List<Finding> found = findings(List.of(new RoleBinding(DECRYPTER, List.of("allUsers"), false)));

        assertThat(found).allMatch(finding -> finding.severity() == Severity.BLOCKING);
        assertThat(found)
                .extracting(finding -> finding.actor() + " " + finding.remedy().get(0))
                .containsExactly(
                        "KEY_OWNER gcloud kms keys remove-iam-policy-binding payments --keyring=anthropic"
                                + " --location=us-east5 --project=acme-kms-prod " + flags,
                        "KEY_OWNER gcloud kms keyrings remove-iam-policy-binding anthropic --location=us-east5"
                                + " --project=acme-kms-prod " + flags,
                        "KEY_OWNER gcloud projects remove-iam-policy-binding acme-kms-prod " + flags,
                        "ORGANIZATION_ADMIN gcloud resource-manager folders remove-iam-policy-binding 8 " + flags,
                        "ORGANIZATION_ADMIN gcloud organizations remove-iam-policy-binding 7 " + flags);
    }

    @Test
    void aGoogleAgentOfAnotherIsNamedWithoutACommand() {
        String agent = "serviceAccount:service-" + OTHER + "@gcp-sa-pubsub.iam.gserviceaccount.com";

        assertThat(findings(List.of(new RoleBinding(BOTH, List.of(agent), false))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.NOTICE);
                    assertThat(finding.message()).contains(agent);
                    assertThat(finding.remedy()).noneMatch(line -> line.startsWith("gcloud"));
                });
    }

    @Test
    void aRoleThatCouldNotBeReadIsShownToWhoeverCan() {
        assertThat(findings(List.of(new RoleBinding(CUSTOM, List.of("allUsers"), false))))
                .singleElement()
                .satisfies(finding -> assertThat(finding.remedy())
                        .contains("gcloud iam roles describe whatever --project=acme-kms-prod"));
    }

    @Test
    void aDeletedAnthropicIsRemovedAndGrantedAgain() {
        String dead = "deleted:" + AnthropicPrincipal.MEMBER + "?uid=123456789012345678901";
        KeyInspection keys = new KeyInspection(kms.client(), Sample.POLICY, Sample.ORGANIZATION);

        List<Finding> missing =
                keys.grant(Sample.KEY, Policies.parse(Sample.GRANTED.replace(AnthropicPrincipal.MEMBER, dead)));

        String flags = "--keyring=anthropic --location=us-east5 --project=acme-kms-prod";
        assertThat(missing).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.PROBLEM);
            assertThat(finding.remedy())
                    .containsExactly(
                            "gcloud kms keys remove-iam-policy-binding payments " + flags + " '--member=" + dead
                                    + "' --role=" + BOTH + " --all",
                            "gcloud kms keys remove-iam-policy-binding payments " + flags + " '--member=" + dead
                                    + "' --role=roles/cloudkms.viewer --all",
                            "gcloud kms keys add-iam-policy-binding payments " + flags + " --member="
                                    + AnthropicPrincipal.MEMBER + " --role=" + BOTH + " --condition=None",
                            "gcloud kms keys add-iam-policy-binding payments " + flags + " --member="
                                    + AnthropicPrincipal.MEMBER + " --role=roles/cloudkms.viewer --condition=None");
        });
    }
}
