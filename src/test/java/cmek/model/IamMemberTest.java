package cmek.model;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.model.IamMember.Owner;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of Google's page on principal identifiers and of its list of service agents. */
class IamMemberTest {

    private static final String POOLS =
            "//iam.googleapis.com/projects/415104041262/locations/global/workloadIdentityPools/";
    private static final String WORKFORCE = "//iam.googleapis.com/locations/global/workforcePools/acme/";
    private static final String RESOURCES = "principalSet://cloudresourcemanager.googleapis.com/";

    static Stream<Arguments> forms() {
        Owner own = new Owner.Project("acme-kms-prod");
        Owner number = new Owner.ProjectNumber("415104041262");
        Owner organization = new Owner.Organization("123456789012");
        Owner folder = new Owner.Folder("800000000001");
        Owner people = new Owner.People();
        Owner google = new Owner.Google();
        Owner untold = new Owner.Untold();
        return Stream.of(
                form("allUsers", IamMember.Everyone.class, new Owner.Everybody()),
                form("allAuthenticatedUsers", IamMember.Everyone.class, new Owner.Everybody()),
                form("principalSet://goog/public:all", IamMember.Everyone.class, new Owner.Everybody()),
                form("user:anna@example.com", IamMember.User.class, people),
                form("principal://goog/subject/anna@example.com", IamMember.User.class, people),
                form("group:keys@example.com", IamMember.Group.class, people),
                form("principalSet://goog/group/keys@example.com", IamMember.Group.class, people),
                form("domain:example.com", IamMember.Domain.class, people),
                form("principalSet://goog/cloudIdentityCustomerId/C01Abc35", IamMember.Domain.class, people),
                account("app@acme-kms-prod.iam.gserviceaccount.com", IamMember.ServiceAccount.class, own),
                account(
                        "app@legacy.example.com.iam.gserviceaccount.com",
                        IamMember.ServiceAccount.class,
                        new Owner.Project("example.com:legacy")),
                account("acme-kms-prod@appspot.gserviceaccount.com", IamMember.AppEngineAccount.class, own),
                account(
                        "legacy.example.com@appspot.gserviceaccount.com",
                        IamMember.AppEngineAccount.class,
                        new Owner.Project("example.com:legacy")),
                account("415104041262-compute@developer.gserviceaccount.com", IamMember.DeveloperAccount.class, number),
                account("415104041262@developer.gserviceaccount.com", IamMember.DeveloperAccount.class, number),
                account("415104041262-0a1b2c@developer.gserviceaccount.com", IamMember.DeveloperAccount.class, number),
                account("415104041262@cloudbuild.gserviceaccount.com", IamMember.CloudBuildAccount.class, number),
                account("415104041262@cloudservices.gserviceaccount.com", IamMember.ApisAccount.class, number),
                agent("service-415104041262@gcp-sa-pubsub", number),
                agent("service-p415104041262@gcp-sa-accessapproval", number),
                agent("service-f800000000001@gcp-sa-accessapproval", folder),
                agent("service-o123456789012@gcp-sa-accessapproval", organization),
                agent("service-org-123456789012@gcp-sa-logging", organization),
                agent("service-folder-800000000001@gcp-sa-logging", folder),
                agent("service-org-123456789012@security-center-api", organization),
                agent("cmek-p415104041262@gcp-sa-logging", number),
                agent("cmek-o123456789012@gcp-sa-logging", organization),
                agent("cmek-f800000000001@gcp-sa-logging", folder),
                agent("p415104041262-604347@gcp-sa-logging", number),
                agent("o123456789012-604347@gcp-sa-logging", organization),
                agent("p415104041262-a1b2c3@gcp-sa-cloud-sql", number),
                agent("bqcx-415104041262-x1y2@gcp-sa-bigquery-condel", number),
                agent("connection-415104041262-x1y2@gcp-sa-bigquery-condel", number),
                agent("organizations-123456789012@gcp-sa-riskmanager", organization),
                agent("project-415104041262@storage-transfer-service", number),
                agent("service-415104041262@gs-project-accounts", number),
                agent("service-415104041262@compute-system", number),
                agent("service-415104041262@container-engine-robot", number),
                agent("service-415104041262@containerregistry", number),
                agent("service-415104041262@cloudcomposer-accounts", number),
                agent("service-415104041262@gae-api-prod.google.com", number),
                agent("service-415104041262@dataflow-service-producer-prod", number),
                agent("service-415104041262@gcf-admin-robot", number),
                agent("service-415104041262@serverless-robot-prod", number),
                agent("bq-415104041262@bigquery-encryption", number),
                account("cloud-logs@system.gserviceaccount.com", IamMember.ServiceAgent.class, google),
                account("somebody@gcp-sa-pubsub.iam.gserviceaccount.com", IamMember.ServiceAgent.class, google),
                account("acme-kms-prod.svc.id.goog[default/app]", IamMember.KubernetesAccount.class, own),
                account("acme-kms-prod.hub.id.goog[default/app]", IamMember.KubernetesAccount.class, own),
                account(
                        "example.com:legacy.svc.id.goog[default/app]",
                        IamMember.KubernetesAccount.class,
                        new Owner.Project("example.com:legacy")),
                form("principal:" + POOLS + "github/subject/repo", IamMember.WorkloadPool.class, number),
                form("principalSet:" + POOLS + "github/group/team", IamMember.WorkloadPool.class, number),
                form(
                        "principalSet:" + POOLS + "github/attribute.repository/acme/app",
                        IamMember.WorkloadPool.class,
                        number),
                form("principalSet:" + POOLS + "github/*", IamMember.WorkloadPool.class, number),
                form(
                        "principal:" + POOLS + "acme-kms-prod.svc.id.goog/subject/ns/default/sa/app",
                        IamMember.WorkloadPool.class,
                        number),
                form(
                        "principalSet:" + POOLS + "acme-kms-prod.svc.id.goog/namespace/default",
                        IamMember.WorkloadPool.class,
                        number),
                form("principal:" + WORKFORCE + "subject/anna", IamMember.WorkforcePool.class, untold),
                form("principalSet:" + WORKFORCE + "group/keys", IamMember.WorkforcePool.class, untold),
                form("principalSet:" + WORKFORCE + "*", IamMember.WorkforcePool.class, untold),
                form(RESOURCES + "projects/415104041262/type/ServiceAccount", IamMember.ResourceSet.class, number),
                form(RESOURCES + "folders/800000000001/type/ServiceAccount", IamMember.ResourceSet.class, folder),
                form(
                        RESOURCES + "organizations/123456789012/type/ServiceAgent",
                        IamMember.ResourceSet.class,
                        organization),
                form(RESOURCES + "organizations/123456789012", IamMember.ResourceSet.class, organization),
                form(
                        "principal://agents.global.org-123456789012.system.id.goog/resources/aiplatform/projects/1/x",
                        IamMember.AgentIdentity.class,
                        organization),
                form(
                        "principalSet://agents.global.project-415104041262.system.id.goog/attribute.platform/x",
                        IamMember.AgentIdentity.class,
                        number),
                form(
                        "principal://iam.googleapis.com/projects/-/serviceAccounts/app@acme-kms-prod.iam.gserviceaccount.com",
                        IamMember.ServiceAccount.class,
                        own),
                form("projectOwner:acme-kms-prod", IamMember.BasicRoleHolders.class, own),
                form("projectEditor:acme-kms-prod", IamMember.BasicRoleHolders.class, own),
                form("projectViewer:acme-kms-prod", IamMember.BasicRoleHolders.class, own),
                form("deleted:user:anna@example.com?uid=123", IamMember.Deleted.class, people),
                form("deleted:group:keys@example.com?uid=123", IamMember.Deleted.class, people),
                form(
                        "deleted:serviceAccount:app@acme-kms-prod.iam.gserviceaccount.com?uid=123",
                        IamMember.Deleted.class,
                        own),
                form("deleted:principal:" + WORKFORCE + "subject/anna", IamMember.Deleted.class, untold));
    }

    private static Arguments account(String email, Class<? extends IamMember> form, Owner owner) {
        return form("serviceAccount:" + email, form, owner);
    }

    private static Arguments agent(String account, Owner owner) {
        return account(account + ".iam.gserviceaccount.com", IamMember.ServiceAgent.class, owner);
    }

    private static Arguments form(String text, Class<? extends IamMember> form, Owner owner) {
        return Arguments.of(text, form, owner);
    }

    @ParameterizedTest
    @MethodSource("forms")
    void everyDocumentedFormIsReadAndTellsWhoseItIs(String text, Class<?> form, Owner owner) {
        IamMember member = IamMemberParser.parse(text);

        assertThat(member).isInstanceOf(form);
        assertThat(member.owner()).isEqualTo(owner);
        assertThat(member.text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "deleted:",
                "allusers",
                "user:",
                "user:anna",
                "group:everybody",
                "domain:",
                "robot:app@acme-kms-prod.iam.gserviceaccount.com",
                "serviceAccount:app",
                "serviceAccount:app@example.com",
                "serviceAccount:app@acme-kms-prod.iam.gserviceaccount.com.evil.example",
                "serviceAccount:app@acme-kms-prod.iam.gserviceaccount.com?uid=1",
                "serviceAccount:415104041262-compute@cloudbuild.gserviceaccount.com",
                "serviceAccount:acme-kms-prod@cloudservices.gserviceaccount.com",
                "serviceAccount:a@b@acme-kms-prod.iam.gserviceaccount.com",
                "serviceAccount:acme-kms-prod.svc.id.goog[default]",
                "principal://iam.googleapis.com/projects/acme-kms-prod/locations/global/workloadIdentityPools/p/subject/s",
                "principalSet://iam.googleapis.com/projects/1/locations/us/workloadIdentityPools/p/*",
                "principalSet://cloudresourcemanager.googleapis.com/projects/acme-kms-prod/type/ServiceAccount",
                "principal://somewhere.else/subject/s",
                "principalHierarchy://cloudresourcemanager.googleapis.com/organizations/1",
                "projectOwner:",
                "projectCleaner:acme-kms-prod"
            })
    void whatHasNoneOfTheFormsIsUnknown(String text) {
        IamMember member = IamMemberParser.parse(text);

        assertThat(member instanceof IamMember.Deleted deleted ? deleted.was() : member)
                .isInstanceOf(IamMember.Unknown.class);
        assertThat(member.owner()).isEqualTo(new Owner.Untold());
    }

    @Test
    void anAgentsNameInAnybodysProjectIsThatProjectsAccount() {
        assertThat(IamMemberParser.parse("serviceAccount:service-415104041262@evil-proj-1.iam.gserviceaccount.com")
                        .owner())
                .isEqualTo(new Owner.Project("evil-proj-1"));
    }

    @Test
    void anAgentThatIsNotOnGooglesListSaysSo() {
        assertThat(IamMemberParser.parse("serviceAccount:service-415104041262@gcp-sa-evil.iam.gserviceaccount.com"))
                .isEqualTo(new IamMember.ServiceAgent(
                        "serviceAccount:service-415104041262@gcp-sa-evil.iam.gserviceaccount.com",
                        new Owner.ProjectNumber("415104041262"),
                        false));
    }

    @Test
    void aServiceAccountIsOneWhateverItIsCalled() {
        assertThat(IamMemberParser.parse("user:app@evil-proj-1.iam.gserviceaccount.com")
                        .owner())
                .isEqualTo(new Owner.Project("evil-proj-1"));
    }
}
