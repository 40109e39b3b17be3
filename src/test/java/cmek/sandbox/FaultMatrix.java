package cmek.sandbox;

import cmek.finding.Reason;
import cmek.model.AnthropicPrincipal;
import cmek.simulator.AdminSimulator;
import cmek.simulator.Call;
import cmek.simulator.Fault;
import cmek.simulator.Faults;
import cmek.simulator.GoogleReply;
import cmek.simulator.Journal;
import cmek.simulator.Reply;
import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Every cause that an onboarding can end in or warn of, and how a APIs comes to it. */
final class FaultMatrix {

    private static final String DOMAINS = "constraints/iam.allowedPolicyMemberDomains";
    private static final String MEMBERS = "constraints/iam.managed.allowedPolicyMembers";
    private static final String GRANT = "cloudkms.cryptoKeys.setIamPolicy";
    private static final String RING = "kms CreateKeyRing RING";
    private static final String KEY = "kms CreateCryptoKey KEY";
    private static final String POLICY = "kms SetIamPolicy KEY";
    private static final String REGISTRATION = "admin POST /v1/organizations/external_keys";

    private static final String DENYING_EVERYBODY = """
            {"deniedPrincipals":["principalSet://goog/public:all"],
             "deniedPermissions":["cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt"]}
            """;

    private static final String SYMMETRIC = """
            {"purpose":"ENCRYPT_DECRYPT","versionTemplate":{"protectionLevel":"HSM"}}
            """;

    private static final String IMPORT_ONLY = """
            {"purpose":"ENCRYPT_DECRYPT","versionTemplate":{"protectionLevel":"HSM"},"importOnly":true}
            """;

    private FaultMatrix() {}

    static List<Row> rows() {
        return Stream.of(request(), project(), key(), anthropic(), end())
                .flatMap(List::stream)
                .toList();
    }

    // --- request -------------------------------------------------------------------------------------------------

    private static List<Row> request() {
        return List.of(
                Row.of(Reason.UNREADABLE, "unreadable")
                        .saying(row -> "hello")
                        .refusedAt("onboard")
                        .remedy("deployment/examples/provision.json"),
                Row.of(Reason.INVALID_REQUEST, "invalid-request")
                        .asking(json -> json.put("colour", "red"))
                        .refusedAt("onboard")
                        .remedy("leave out colour"),
                Row.of(Reason.PRINCIPAL_NOT_ACCEPTED, "principal")
                        .asking(json -> json.put("serviceAccount", "mallory@evil.iam.gserviceaccount.com"))
                        .refusedAt("onboard")
                        .remedy("leave out serviceAccount"),
                Row.of(Reason.PERMANENCE_NOT_ACKNOWLEDGED, "permanence")
                        .asking(json -> json.put("workspaceId", "wrkspc_01permanence"))
                        .refusedAt("onboard")
                        .remedy("set acknowledgePermanent to true"),
                Row.of(Reason.PROJECT_NOT_ALLOWED, "project-not-allowed")
                        .asking(json -> json.put(
                                "key", "projects/other-kms/locations/us-east5/keyRings/anthropic/cryptoKeys/payments"))
                        .refusedAt("onboard")
                        .remedy("add other-kms to cmek.policy.allowed-projects"),
                Row.of(Reason.WORKSPACE_NOT_ALLOWED, "workspace-not-allowed")
                        .asking(json ->
                                json.put("workspaceId", "wrkspc_99other").put("acknowledgePermanent", true))
                        .refusedAt("onboard")
                        .remedy("add PROJECT=wrkspc_99other to cmek.policy.allowed-workspaces"),
                Row.of(Reason.DEFAULT_WORKSPACE_NOT_ACKNOWLEDGED, "default-workspace")
                        .attaching()
                        .broken((apis, row) -> apis.admin().withDefaultWorkspace(row.workspace()))
                        .refusedAt("checkPrerequisites")
                        .remedy("set acknowledgeDefaultWorkspace to true"),
                Row.of(Reason.LOCATION_NOT_SUPPORTED, "multi-region")
                        .in("us")
                        .refusedAt("onboard")
                        .remedy("use one of us-central1"),
                Row.of(Reason.ORGANIZATION_POLICY, "location-group")
                        .broken(apis -> apis.orgPolicy().allow("gcp.resourceLocations", "in:low-carbon-us-locations"))
                        .fixed(apis -> apis.orgPolicy().unset("gcp.resourceLocations"))
                        .goingWell("VALIDATED")
                        .remedy("gcloud org-policies describe gcp.resourceLocations --effective --project=PROJECT")
                        .writing(RING, KEY, POLICY, REGISTRATION),
                Row.of(Reason.LOCATION_NOT_SUPPORTED, "location-policy")
                        .broken(apis -> apis.orgPolicy().allow("gcp.resourceLocations", "in:eu-locations"))
                        .fixed(apis -> apis.orgPolicy().unset("gcp.resourceLocations"))
                        .refusedAt("checkPrerequisites")
                        .remedy("gcloud org-policies describe gcp.resourceLocations --effective --project=PROJECT"),
                Row.of(Reason.LOCATION_NOT_SUPPORTED, "other-geo")
                        .ready()
                        .attaching()
                        .broken((apis, row) -> apis.admin()
                                .withWorkspace(row.workspace(), "Elsewhere")
                                .registeringIn("eu"))
                        .fixed(apis -> apis.admin().registeringIn("us"))
                        .refusedAt("attachWorkspace")
                        .remedy("register the key again in Anthropic's Console with geo us")
                        .writing(REGISTRATION),
                Row.of(Reason.PROTECTION_LEVEL_NOT_ALLOWED, "software")
                        .withKeyField("protectionLevel", "SOFTWARE")
                        .refusedAt("onboard")
                        .remedy("set key.protectionLevel to one of HSM"),
                Row.of(Reason.PROTECTION_LEVEL_NOT_ALLOWED, "level-policy")
                        .broken(apis -> apis.orgPolicy().allow("cloudkms.allowedProtectionLevels", "EXTERNAL"))
                        .fixed(apis -> apis.orgPolicy().unset("cloudkms.allowedProtectionLevels"))
                        .refusedAt("checkPrerequisites")
                        .remedy("gcloud org-policies describe cloudkms.allowedProtectionLevels --effective"
                                + " --project=PROJECT"));
    }

    // --- project -------------------------------------------------------------------------------------------------

    private static List<Row> project() {
        return List.of(
                Row.of(Reason.KMS_API_DISABLED, "api-disabled")
                        .broken((apis, row) -> apis.serviceUsage().disable(row.project(), "cloudkms.googleapis.com"))
                        .refusedAt("checkPrerequisites")
                        .remedy("gcloud services enable cloudkms.googleapis.com --project=PROJECT"),
                Row.of(Reason.KMS_API_DISABLED, "api-disabled-unseen")
                        .broken((apis, row) -> {
                            apis.serviceUsageGate().put(google(403, "PERMISSION_DENIED"));
                            apis.serviceUsage().disable(row.project(), "cloudkms.googleapis.com");
                        })
                        .refusedAt("checkPrerequisites")
                        .remedy("gcloud services enable cloudkms.googleapis.com --project=PROJECT"),
                Row.of(Reason.BILLING_DISABLED, "billing")
                        .broken((apis, row) -> apis.kms().disableBilling(row.project()))
                        .refusedAt("checkPrerequisites")
                        .remedy("gcloud billing projects link PROJECT --billing-account="),
                Row.of(Reason.PROJECT_DELETE_REQUESTED, "shut-down")
                        .broken((apis, row) -> apis.resourceManager().shutDown(row.project()))
                        .refusedAt("checkPrerequisites")
                        .remedy("gcloud projects undelete PROJECT"),
                Row.of(Reason.PERMISSION_DENIED, "permission-beforehand")
                        .broken(apis -> {
                            apis.kms().deny(GRANT);
                            apis.resourceManager().deny(GRANT);
                        })
                        .fixed(apis -> {
                            apis.kms().permit(GRANT);
                            apis.resourceManager().permit(GRANT);
                        })
                        .refusedAt("checkPrerequisites")
                        .remedy(
                                "gcloud iam roles create cmekOnboarding --project=PROJECT --permissions=" + GRANT,
                                "gcloud projects add-iam-policy-binding PROJECT"),
                Row.of(Reason.PERMISSION_DENIED, "permission-in-between")
                        .broken(apis -> apis.kms().deny(GRANT))
                        .fixed(apis -> apis.kms().permit(GRANT))
                        .refusedAt("grantAccess")
                        .remedy("grant the function's service account a role with permission " + GRANT + " on KEY")
                        .writing(RING, KEY, POLICY + " failed"),
                Row.of(Reason.HSM_NOT_AVAILABLE, "hsm")
                        .in("us-west3")
                        .broken(apis -> apis.kms().withoutHsm("us-west3"))
                        .refusedAt("checkPrerequisites")
                        .remedy("gcloud kms locations list --project=PROJECT"),
                Row.of(Reason.AUDIT_LOGS_OFF, "audit-off")
                        .broken(FaultMatrix::withoutAuditLogs)
                        .goingWell("VALIDATED")
                        .remedy("gcloud projects get-iam-policy PROJECT", "gcloud projects set-iam-policy PROJECT")
                        .writing(RING, KEY, POLICY, REGISTRATION),
                Row.of(Reason.AUDIT_LOGS_UNKNOWN, "audit-unknown")
                        .broken(FaultMatrix::withoutAuditLogs)
                        .broken(apis -> apis.resourceManager().denyAncestors())
                        .fixed(apis -> apis.resourceManager().permitAncestors())
                        .besides(Reason.PRINCIPALS_UNKNOWN)
                        .goingWell("VALIDATED")
                        .remedy("gcloud projects set-iam-policy PROJECT")
                        .writing(RING, KEY, POLICY, REGISTRATION),
                Row.of(Reason.PERMISSION_DENIED, "permission-question-refused")
                        .broken(apis -> apis.resourceManager().answeringFor("cloudkms\\.cryptoKeys\\..*"))
                        .fixed(apis -> apis.resourceManager().answeringFor(".*"))
                        .goingWell("VALIDATED")
                        .remedy("nothing else to do unless a later step is refused")
                        .writing(RING, KEY, POLICY, REGISTRATION),
                Row.of(Reason.KMS_API_DISABLED, "api-disabled-elsewhere")
                        .broken((apis, row) -> apis.kmsGate()
                                .put(Faults.every(
                                        1,
                                        about(row),
                                        google(
                                                403,
                                                "PERMISSION_DENIED",
                                                GoogleReply.errorInfo(
                                                        "SERVICE_DISABLED",
                                                        "googleapis.com",
                                                        Map.of(
                                                                "service",
                                                                "cloudkms.googleapis.com",
                                                                "consumer",
                                                                "projects/cmek-sandbox"))))))
                        .refusedAt("checkPrerequisites")
                        .remedy("gcloud services enable cloudkms.googleapis.com --project=cmek-sandbox"),
                googles(Reason.GOOGLE_REFUSED, "scope", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "Google's own word"),
                googles(Reason.GOOGLE_REFUSED, "user-project", "USER_PROJECT_DENIED", "Google's own word"),
                googles(
                        Reason.ORGANIZATION_POLICY,
                        "service-usage",
                        "RESOURCE_USAGE_RESTRICTION_VIOLATED",
                        "gcloud org-policies describe gcp.restrictServiceUsage --effective --project=PROJECT"),
                Row.of(Reason.DENY_POLICY, "deny-policy")
                        .broken((apis, row) -> apis.denyPolicies()
                                .attach("projects/" + row.project(), "no-decrypt", DENYING_EVERYBODY))
                        .refusedAt("checkPrerequisites")
                        .remedy(
                                "gcloud iam policies get no-decrypt --attachment-point="
                                        + "cloudresourcemanager.googleapis.com%2Fprojects%2FPROJECT --kind=denypolicies",
                                "gcloud iam policies update no-decrypt"),
                Row.of(Reason.DENY_POLICY, "deny-policy-above")
                        .broken(apis -> apis.denyPolicies()
                                .attach("organizations/700000000001", "no-decrypt", DENYING_EVERYBODY))
                        .fixed(apis -> apis.denyPolicies().detach("organizations/700000000001"))
                        .refusedAt("checkPrerequisites")
                        .remedy(
                                "--attachment-point=cloudresourcemanager.googleapis.com%2Forganizations%2F700000000001"),
                Row.of(Reason.DENY_POLICY, "deny-policy-unread")
                        .broken((apis, row) -> apis.denyPolicies().deny("projects/" + row.project()))
                        .goingWell("VALIDATED")
                        .remedy("roles/iam.denyReviewer")
                        .writing(RING, KEY, POLICY, REGISTRATION),
                Row.of(Reason.VALIDATION_FAILED, "deny-policy-hidden")
                        .broken(apis -> apis.denyPolicies()
                                .attach("organizations/700000000001", "no-decrypt", DENYING_EVERYBODY)
                                .deny("organizations/700000000001"))
                        .fixed(apis -> apis.denyPolicies()
                                .detach("organizations/700000000001")
                                .permit("organizations/700000000001"))
                        .refusedAt("validateKey")
                        .remedy("gcloud policy-intelligence troubleshoot-policy iam //cloudkms.googleapis.com/KEY"
                                + " --permission=cloudkms.cryptoKeyVersions.useToDecrypt --principal-email="
                                + AnthropicPrincipal.EMAIL)
                        .redelivered()
                        .writing(RING, KEY, POLICY, REGISTRATION),
                Row.of(Reason.DOMAIN_RESTRICTED_SHARING, "sharing-unnamed")
                        .broken(apis -> apis.kms().restrictDomains(""))
                        .fixed(apis -> apis.kms().unrestrict())
                        .refusedAt("grantAccess")
                        .remedy("gcloud org-policies describe iam.allowedPolicyMemberDomains --effective"
                                + " --project=PROJECT")
                        .writing(RING, KEY, POLICY + " failed"),
                Row.of(Reason.PRINCIPALS_UNKNOWN, "ring-policy-unknown")
                        .broken(apis -> apis.kms().deny("cloudkms.keyRings.getIamPolicy"))
                        .fixed(apis -> apis.kms().permit("cloudkms.keyRings.getIamPolicy"))
                        .ready()
                        .goingWell("VALIDATED")
                        .remedy("roles/iam.securityReviewer on the organization")
                        .writing(REGISTRATION),
                restricted("sharing-domains", DOMAINS),
                restricted("sharing-managed", MEMBERS),
                restricted("sharing-custom", "organizations/700000000001/customConstraints/custom.ourMembers"),
                Row.of(Reason.DOMAIN_RESTRICTED_SHARING, "sharing-beforehand")
                        .broken(apis -> apis.orgPolicy().enforce("iam.managed.allowedPolicyMembers"))
                        .fixed(apis -> apis.orgPolicy().unset("iam.managed.allowedPolicyMembers"))
                        .refusedAt("checkPrerequisites")
                        .remedy(
                                "gcloud org-policies describe iam.managed.allowedPolicyMembers --effective"
                                        + " --project=PROJECT",
                                AnthropicPrincipal.MEMBER),
                Row.of(Reason.SERVICE_PERIMETER, "perimeter")
                        .broken(apis -> apis.kms().perimeter(true))
                        .fixed(apis -> apis.kms().perimeter(false))
                        .refusedAt("checkPrerequisites")
                        .remedy("add an ingress rule to the perimeter", AnthropicPrincipal.EMAIL),
                Row.of(Reason.QUOTA_EXHAUSTED, "quota")
                        .broken((apis, row) ->
                                apis.kmsGate().put(Faults.next(12, about(row), google(429, "RESOURCE_EXHAUSTED"))))
                        .goingWell("VALIDATED")
                        .redelivered()
                        .writing(RING, KEY, POLICY, REGISTRATION),
                Row.of(Reason.GOOGLE_UNAVAILABLE, "google-front-end")
                        .broken((apis, row) -> apis.kmsGate().put(Faults.next(4, setIamPolicy(row), Faults.html(403))))
                        .goingWell("VALIDATED")
                        .redelivered()
                        .writing(RING, KEY, POLICY, REGISTRATION),
                Row.of(Reason.GOOGLE_UNAVAILABLE, "token-refused")
                        .broken((apis, row) ->
                                apis.kmsGate().put(Faults.next(3, setIamPolicy(row), google(401, "UNAUTHENTICATED"))))
                        .goingWell("VALIDATED")
                        .redelivered()
                        .writing(RING, KEY, POLICY, REGISTRATION),
                Row.of(Reason.SERVICE_PERIMETER, "perimeter-without-a-word")
                        .broken((apis, row) -> apis.kmsGate()
                                .put(Faults.every(
                                        1,
                                        about(row),
                                        google(
                                                403,
                                                "PERMISSION_DENIED",
                                                GoogleReply.preconditionFailure(
                                                        "VPC_SERVICE_CONTROLS", "", "hEmZq3fDVk2zJbJH0hW1")))))
                        .refusedAt("checkPrerequisites")
                        .remedy("add an ingress rule to the perimeter"),
                Row.of(Reason.GOOGLE_UNAVAILABLE, "google-down")
                        .broken((apis, row) -> apis.kmsGate().put(Faults.next(12, about(row), Faults.html(503))))
                        .goingWell("VALIDATED")
                        .redelivered()
                        .writing(RING, KEY, POLICY, REGISTRATION));
    }

    /** Cloud KMS refuses a grant by a word of Google's. */
    private static Row googles(Reason reason, String name, String word, String remedy) {
        return Row.of(reason, name)
                .broken((apis, row) -> apis.kmsGate()
                        .put(Faults.every(
                                1,
                                setIamPolicy(row),
                                google(
                                        403,
                                        "PERMISSION_DENIED",
                                        GoogleReply.errorInfo(word, "googleapis.com", Map.of())))))
                .refusedAt("grantAccess")
                .remedy(remedy)
                .writing(RING, KEY);
    }

    private static Predicate<Call> setIamPolicy(Row row) {
        return about(row).and(call -> call.path().endsWith(":setIamPolicy"));
    }

    private static Row restricted(String name, String constraint) {
        return Row.of(Reason.DOMAIN_RESTRICTED_SHARING, name)
                .broken(apis -> apis.kms().restrictDomains(constraint))
                .fixed(apis -> apis.kms().unrestrict())
                .refusedAt("grantAccess")
                .remedy("gcloud org-policies describe " + constraint.substring(constraint.lastIndexOf('/') + 1)
                        + " --effective --project=PROJECT")
                .writing(RING, KEY, POLICY + " failed");
    }

    private static void withoutAuditLogs(SimulatedApis apis, Row row) {
        apis.resourceManager().auditConfigs("projects/" + row.project(), JsonNodeFactory.instance.arrayNode());
    }

    // --- key -----------------------------------------------------------------------------------------------------

    private static List<Row> key() {
        return List.of(
                Row.of(Reason.KEY_NOT_FOUND, "no-ring")
                        .mode("validate")
                        .refusedAt("createKeyRing")
                        .remedy(
                                "gcloud kms keyrings create RING_NAME",
                                "gcloud kms keys create KEY_NAME --keyring=RING_NAME --location=us-east5"
                                        + " --project=PROJECT"),
                Row.of(Reason.KEY_NOT_FOUND, "no-key")
                        .mode("validate")
                        .withKeyField("rotationPeriod", "P90D")
                        .withKeyField("destroyScheduledDuration", "P60D")
                        .broken((apis, row) -> apis.withKeyRing(row.ring()))
                        .refusedAt("createKey")
                        .remedy(
                                "gcloud kms keys create KEY_NAME --keyring=RING_NAME --location=us-east5"
                                        + " --project=PROJECT",
                                " --rotation-period=90d --next-rotation-time=",
                                " --destroy-scheduled-duration=60d"),
                Row.of(Reason.KEY_NAME_RETIRED, "retired")
                        .ready()
                        .broken((apis, row) -> apis.kms().deleteKey(row.key()))
                        .refusedAt("checkPrerequisites")
                        .remedy("publish the request with another key's name"),
                Row.of(Reason.KEY_DELETED, "deleted")
                        .ready()
                        .broken((apis, row) -> {
                            attach(apis, row);
                            apis.kms().deleteKey(row.key());
                        })
                        .refusedAt("checkPrerequisites")
                        .remedy("ask Anthropic's support"),
                Row.of(Reason.KEY_PURPOSE_DIFFERS, "purpose")
                        .made("""
                                {"purpose":"ASYMMETRIC_SIGN",
                                 "versionTemplate":{"protectionLevel":"HSM","algorithm":"EC_SIGN_P256_SHA256"}}
                                """)
                        .refusedAt("checkPrerequisites")
                        .remedy("gcloud kms keys describe KEY_NAME --keyring=RING_NAME"),
                Row.of(Reason.KEY_ALGORITHM_DIFFERS, "algorithm")
                        .made("""
                                {"purpose":"ENCRYPT_DECRYPT",
                                 "versionTemplate":{"protectionLevel":"EXTERNAL",
                                                    "algorithm":"EXTERNAL_SYMMETRIC_ENCRYPTION"}}
                                """)
                        .refusedAt("checkPrerequisites")
                        .remedy("gcloud kms keys describe KEY_NAME --keyring=RING_NAME"),
                Row.of(Reason.KEY_PROTECTION_DIFFERS, "protection")
                        .made(
                                "{\"purpose\":\"ENCRYPT_DECRYPT\",\"versionTemplate\":{\"protectionLevel\":\"SOFTWARE\"}}")
                        .refusedAt("checkPrerequisites")
                        .remedy("gcloud kms keys describe KEY_NAME --keyring=RING_NAME"),
                Row.of(Reason.KEY_SETTINGS_DIFFER, "settings")
                        .ready()
                        .withKeyField("rotationPeriod", "P90D")
                        .goingWell("VALIDATED")
                        .remedy("gcloud kms keys describe KEY_NAME --keyring=RING_NAME")
                        .writing(REGISTRATION),
                Row.of(Reason.KEY_WITHOUT_PRIMARY, "without-primary")
                        .broken((apis, row) -> apis.withKey(row.key(), SYMMETRIC, false))
                        .refusedAt("checkPrerequisites")
                        .remedy("gcloud kms keys versions create --key=KEY_NAME --keyring=RING_NAME"),
                Row.of(Reason.KEY_WITHOUT_PRIMARY, "primary-unset")
                        .ready()
                        .broken((apis, row) -> apis.kms().withoutPrimary(row.key()))
                        .refusedAt("checkPrerequisites")
                        .remedy("gcloud kms keys set-primary-version KEY_NAME --version=1 --keyring=RING_NAME"),
                Row.of(Reason.KEY_WITHOUT_PRIMARY, "import-only")
                        .broken((apis, row) -> apis.withKey(row.key(), IMPORT_ONLY, false))
                        .refusedAt("checkPrerequisites")
                        .remedy("gcloud kms keys versions import --key=KEY_NAME --keyring=RING_NAME"),
                Row.of(Reason.KEY_WITHOUT_PRIMARY, "imported-unset")
                        .broken((apis, row) -> {
                            apis.withKey(row.key(), IMPORT_ONLY, false);
                            apis.kms().importVersion(row.key());
                        })
                        .refusedAt("checkPrerequisites")
                        .remedy("gcloud kms keys set-primary-version KEY_NAME --version=1 --keyring=RING_NAME"),
                Row.of(Reason.KEY_VERSION_NOT_READY, "not-ready")
                        .ready()
                        .broken((apis, row) -> {
                            apis.kms().setVersionState(row.key(), 1, "PENDING_GENERATION");
                            apis.kmsGate().put(generatedAfter(apis, row, 2));
                        })
                        .goingWell("VALIDATED")
                        .redelivered()
                        .writing(REGISTRATION),
                version(
                        Reason.KEY_VERSION_GENERATION_FAILED,
                        "generation-failed",
                        "GENERATION_FAILED",
                        "versions create --key=KEY_NAME"),
                Row.of(Reason.KEY_ACCESS_JUSTIFICATIONS, "access-denied")
                        .ready()
                        .broken((apis, row) -> apis.kms().allowAccessReasons(row.key()))
                        .refusedAt("checkPrerequisites")
                        .remedy("gcloud kms keys describe KEY_NAME", "ask its support"),
                Row.of(Reason.KEY_ACCESS_JUSTIFICATIONS, "access-restricted")
                        .ready()
                        .broken((apis, row) -> apis.kms().allowAccessReasons(row.key(), "CUSTOMER_INITIATED_ACCESS"))
                        .goingWell("VALIDATED")
                        .remedy("nothing to do while Anthropic's validation succeeds")
                        .writing(REGISTRATION),
                version(Reason.KEY_VERSION_DISABLED, "disabled", "DISABLED", "versions enable 1 --key=KEY_NAME"),
                version(
                        Reason.KEY_VERSION_DESTROY_SCHEDULED,
                        "destroy-scheduled",
                        "DESTROY_SCHEDULED",
                        "versions restore 1 --key=KEY_NAME"),
                version(Reason.KEY_VERSION_DESTROYED, "destroyed", "DESTROYED", "versions create --key=KEY_NAME"),
                Row.of(Reason.LABEL_MISSING, "label")
                        .mode("validate")
                        .ready()
                        .broken((apis, row) -> apis.kms().setLabels(row.key(), Map.of("team", "theirs")))
                        .refusedAt("checkPrerequisites")
                        .remedy("gcloud kms keys update KEY_NAME --keyring=RING_NAME"),
                Row.of(Reason.LABELS_FULL, "labels-full")
                        .ready()
                        .broken((apis, row) -> {
                            Map<String, String> labels = new TreeMap<>();
                            for (int number = 0; number < 64; number++) {
                                labels.put("l" + number, "x");
                            }
                            apis.kms().setLabels(row.key(), labels);
                        })
                        .refusedAt("checkPrerequisites")
                        .remedy("gcloud kms keys describe KEY_NAME --keyring=RING_NAME"),
                Row.of(Reason.BINDING_MISSING, "binding")
                        .mode("validate")
                        .ready()
                        .broken((apis, row) -> apis.kms().setPolicy(row.key(), JsonNodeFactory.instance.objectNode()))
                        .refusedAt("checkPrerequisites")
                        .remedy(
                                "gcloud kms keys add-iam-policy-binding KEY_NAME --keyring=RING_NAME",
                                "--role=" + AnthropicPrincipal.ENCRYPTER_DECRYPTER,
                                "--role=" + AnthropicPrincipal.VIEWER),
                Row.of(Reason.BINDING_CONDITIONAL, "conditional")
                        .mode("validate")
                        .ready()
                        .broken(FaultMatrix::withCondition)
                        .refusedAt("checkPrerequisites")
                        .remedy("gcloud kms keys add-iam-policy-binding KEY_NAME --keyring=RING_NAME"),
                Row.of(Reason.UNEXPECTED_PRINCIPAL, "public-ring")
                        .ready()
                        .broken((apis, row) -> {
                            ObjectNode policy = (ObjectNode) apis.kms().keyRingPolicy(row.ring());
                            policy.withArray("bindings")
                                    .addObject()
                                    .put("role", "roles/cloudkms.cryptoKeyDecrypter")
                                    .putArray("members")
                                    .add("allUsers");
                            apis.kms().setKeyRingPolicy(row.ring(), policy);
                        })
                        .refusedAt("checkPrerequisites")
                        .remedy("gcloud kms keyrings remove-iam-policy-binding RING_NAME --location=us-east5"
                                + " --project=PROJECT --member=allUsers"),
                Row.of(Reason.UNEXPECTED_PRINCIPAL, "public-project")
                        .ready()
                        .broken((apis, row) -> apis.resourceManager()
                                .bind("projects/" + row.project(), "roles/cloudkms.admin", "allAuthenticatedUsers"))
                        .refusedAt("checkPrerequisites")
                        .remedy("gcloud projects remove-iam-policy-binding PROJECT --member=allAuthenticatedUsers"),
                Row.of(Reason.BINDING_MISSING, "deleted-account")
                        .ready()
                        .broken(FaultMatrix::withDeletedAccount)
                        .goingWell("VALIDATED")
                        .remedy("gcloud kms keys remove-iam-policy-binding KEY_NAME --keyring=RING_NAME")
                        .writing(REGISTRATION),
                unexpected("public", "allUsers").refusedAt("checkPrerequisites"),
                unexpected("look-alike", "serviceAccount:" + AnthropicPrincipal.EMAIL.replace("-us@", "-eu@"))
                        .refusedAt("checkPrerequisites"),
                unexpected("outsider", "serviceAccount:backup@other-project.iam.gserviceaccount.com")
                        .goingWell("VALIDATED")
                        .writing(REGISTRATION));
    }

    private static Row version(Reason reason, String name, String state, String remedy) {
        return Row.of(reason, name)
                .ready()
                .broken((apis, row) -> apis.kms().setVersionState(row.key(), 1, state))
                .refusedAt("checkPrerequisites")
                .remedy("gcloud kms keys " + remedy + " --keyring=RING_NAME --location=us-east5 --project=PROJECT");
    }

    private static void attach(SimulatedApis apis, Row row) {
        apis.admin().withWorkspace(row.workspace(), "Uses it").attach(row.workspace(), register(apis, row.key()));
    }

    /** The version is usable once the key was read that often. */
    private static Fault generatedAfter(SimulatedApis apis, Row row, int reads) {
        AtomicInteger left = new AtomicInteger(reads);
        return (call, behind) -> {
            Reply reply = behind.answer(call);
            if (call.method().equals("GET")
                    && call.path().endsWith("/cryptoKeys/" + row.name())
                    && left.decrementAndGet() == 0) {
                apis.kms().setVersionState(row.key(), 1, "ENABLED");
            }
            return reply;
        };
    }

    private static Row unexpected(String name, String member) {
        return Row.of(Reason.UNEXPECTED_PRINCIPAL, name)
                .ready()
                .broken((apis, row) -> {
                    ObjectNode policy = (ObjectNode) apis.kms().policy(row.key());
                    policy.withArray("bindings")
                            .addObject()
                            .put("role", "roles/cloudkms.cryptoKeyDecrypter")
                            .putArray("members")
                            .add(member);
                    apis.kms().setPolicy(row.key(), policy);
                })
                .remedy("gcloud kms keys remove-iam-policy-binding KEY_NAME --keyring=RING_NAME --location=us-east5"
                        + " --project=PROJECT --member=" + member);
    }

    private static void withDeletedAccount(SimulatedApis apis, Row row) {
        ObjectNode policy = (ObjectNode) apis.kms().policy(row.key());
        ArrayNode bindings = policy.withArray("bindings");
        ((ArrayNode) bindings.get(0).path("members"))
                .add("deleted:" + AnthropicPrincipal.MEMBER + "?uid=123456789012345678901");
        apis.kms().setPolicy(row.key(), policy);
    }

    private static void withCondition(SimulatedApis apis, Row row) {
        ObjectNode policy = (ObjectNode) apis.kms().policy(row.key());
        ArrayNode bindings = policy.withArray("bindings");
        ((ObjectNode) bindings.get(0))
                .putObject("condition")
                .put("title", "until noon")
                .put("expression", "request.time < timestamp(\"2099-01-01T12:00:00Z\")");
        apis.kms().setPolicy(row.key(), policy);
    }

    // --- Anthropic --------------------------------------------------------------------------------------------------

    private static List<Row> anthropic() {
        return List.of(
                Row.of(Reason.WRONG_ORGANIZATION, "wrong-organization")
                        .broken(apis -> {
                            // The same credential, and it is another organization's.
                            AdminSimulator other = new AdminSimulator(
                                    new Journal(),
                                    InstantSource.system(),
                                    "00000000-0000-4000-8000-000000000001",
                                    apis.kms());
                            apis.adminGate().put((call, ours) -> other.answer(call));
                        })
                        .refusedAt("checkPrerequisites")
                        .remedy("set cmek.anthropic.organization-id and the Admin API key"),
                Row.of(Reason.CREDENTIAL_REJECTED, "revoked")
                        .broken(apis -> apis.admin().revoke(AdminSimulator.TEST_ADMIN_KEY))
                        .fixed(apis -> apis.admin().withCredential(AdminSimulator.TEST_ADMIN_KEY))
                        .refusedAt("checkPrerequisites")
                        .remedy("create an Admin API key in Anthropic's Console"),
                Row.of(Reason.CREDENTIAL_FORBIDDEN, "without-cmek")
                        .broken(apis -> apis.admin().withoutCmek())
                        .fixed(apis -> apis.admin().withCmek())
                        .refusedAt("checkPrerequisites")
                        .remedy("whether customer-managed keys are enabled"),
                Row.of(Reason.CREDENTIAL_FORBIDDEN, "not-approved")
                        .ready()
                        .broken(apis -> apis.admin().approved(false))
                        .fixed(apis -> apis.admin().approved(true))
                        .refusedAt("registerKey")
                        .remedy("ask Anthropic's account team to turn on customer-managed encryption keys")
                        .writing(REGISTRATION + " failed"),
                Row.of(Reason.DUPLICATE_REGISTRATION, "duplicate")
                        .ready()
                        .broken((apis, row) -> {
                            register(apis, row.key());
                            register(apis, row.key());
                        })
                        .goingWell("VALIDATED")
                        .remedy("delete the unused registration in Anthropic's Console"),
                Row.of(Reason.REGISTRATION_NOT_CANONICAL, "not-canonical")
                        .ready()
                        .broken((apis, row) -> register(apis, row.key().replace(row.project(), "999999999999")))
                        .goingWell("VALIDATED")
                        .remedy("register the key again in Anthropic's Console under its full resource name")
                        .writing(REGISTRATION),
                Row.of(Reason.VALIDATION_FAILED, "validation")
                        .ready()
                        .broken(apis -> apis.adminGate().put(failingValidation()))
                        .refusedAt("validateKey")
                        .remedy("look for a VPC Service Controls denial of " + AnthropicPrincipal.EMAIL
                                + " in the audit logs of project PROJECT")
                        .redelivered()
                        .writing(REGISTRATION),
                Row.of(Reason.WORKSPACE_NOT_FOUND, "no-workspace")
                        .attaching()
                        .refusedAt("checkPrerequisites")
                        .remedy("copy the workspace's id from Anthropic's Console"),
                Row.of(Reason.WORKSPACE_ARCHIVED, "archived")
                        .attaching()
                        .broken((apis, row) -> apis.admin()
                                .withWorkspace(row.workspace(), "Old")
                                .archive(row.workspace()))
                        .refusedAt("checkPrerequisites")
                        .remedy("publish the request with the id of a workspace that is not archived"),
                Row.of(Reason.WORKSPACE_HAS_OTHER_KEY, "other-key")
                        .attaching()
                        .broken((apis, row) -> apis.admin()
                                .withWorkspace(row.workspace(), "Accepted")
                                .attach(row.workspace(), register(apis, row.key() + "-other")))
                        .refusedAt("checkPrerequisites")
                        .remedy("publish the request with the id of a workspace that has no key"),
                Row.of(Reason.USER_PROFILE_MISMATCH, "profile")
                        .attaching()
                        .broken((apis, row) -> apis.admin().withBoundWorkspace(row.workspace(), "Bound", "uprof_1"))
                        .refusedAt("checkPrerequisites")
                        .remedy("register KEY by hand in Anthropic's Console with user profile uprof_1"),
                Row.of(Reason.USER_PROFILE_MISMATCH, "bound-key")
                        .ready()
                        .attaching()
                        .broken((apis, row) -> {
                            apis.admin().withWorkspace(row.workspace(), "Free");
                            apis.admin().registerBound(row.key(), "Somebody's", "uprof_1");
                        })
                        .refusedAt("checkPrerequisites")
                        .remedy("register KEY by hand in Anthropic's Console without a user profile"),
                Row.of(Reason.WORKSPACE_POLICY_VIOLATION, "workspace-policy")
                        .ready()
                        .attaching()
                        .broken((apis, row) -> {
                            apis.admin()
                                    .withWorkspace(row.workspace(), "Closed")
                                    .forbidKeysOn(row.workspace());
                            register(apis, row.key());
                        })
                        .refusedAt("attachWorkspace")
                        .remedy("in the workspace policy in Anthropic's Console")
                        .writing("admin POST /v1/organizations/workspaces/WORKSPACE failed"),
                Row.of(Reason.WORKSPACE_RETAINS_NO_DATA, "forgetful")
                        .ready()
                        .attaching()
                        .broken((apis, row) -> {
                            apis.admin().withForgetfulWorkspace(row.workspace(), "Forgetful");
                            register(apis, row.key());
                        })
                        .goingWell("ATTACHED")
                        .remedy("change the workspace's data retention in Anthropic's Console")
                        .writing("admin POST /v1/organizations/workspaces/WORKSPACE"),
                Row.of(Reason.ANTHROPIC_BILLING, "owing")
                        .ready()
                        .broken(apis -> apis.admin().owing(true))
                        .fixed(apis -> apis.admin().owing(false))
                        .refusedAt("registerKey")
                        .remedy("settle what Anthropic reports")
                        .writing(REGISTRATION + " failed"),
                Row.of(Reason.ANTHROPIC_REFUSED, "anthropic-refuses")
                        .ready()
                        .broken(apis -> apis.adminGate()
                                .put(Faults.next(
                                        1,
                                        Faults.calls("POST", "/v1/organizations/external_keys"),
                                        Faults.status(
                                                400,
                                                Map.of("content-type", "application/json"),
                                                "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\","
                                                        + "\"message\":\"as it was told\"}}"))))
                        .refusedAt("registerKey")
                        .remedy("fix what Anthropic reports"),
                Row.of(Reason.ANTHROPIC_UNAVAILABLE, "in-between")
                        .ready()
                        .broken(apis -> apis.adminGate()
                                .put(Faults.next(
                                        8,
                                        Faults.anyCall(),
                                        Faults.status(
                                                403,
                                                Map.of("content-type", "text/html", "cf-ray", "8c0ffee-IAD"),
                                                "<title>Just a moment...</title>"))))
                        .goingWell("VALIDATED")
                        .redelivered()
                        .writing(REGISTRATION),
                Row.of(Reason.ANTHROPIC_UNAVAILABLE, "anthropic-down")
                        .broken(apis -> apis.adminGate().put(Faults.next(8, Faults.anyCall(), Faults.html(529))))
                        .goingWell("VALIDATED")
                        .redelivered()
                        .writing(RING, KEY, POLICY, REGISTRATION),
                Row.of(Reason.REGION_NOT_RECOMMENDED, "region")
                        .in("us-west2")
                        .goingWell("VALIDATED")
                        .remedy("nothing to do if Anthropic has confirmed us-west2")
                        .writing(RING, KEY, POLICY, REGISTRATION));
    }

    private static String register(SimulatedApis apis, String key) {
        return apis.admin().register(key, "Somebody's");
    }

    /** Anthropic could not use the key, and says no more than that. */
    private static Fault failingValidation() {
        return Faults.every(
                1,
                Faults.calls("POST", "/v1/organizations/external_keys/[^/]+/validate"),
                Faults.status(
                        200,
                        Map.of("content-type", "application/json"),
                        "{\"type\":\"external_key_validation\",\"status\":\"failure\",\"error\":\"cannot be used\"}"));
    }

    // --- end -----------------------------------------------------------------------------------------------------

    private static List<Row> end() {
        return List.of(
                Row.of(Reason.RETRIES_EXHAUSTED, "gave-up")
                        .broken((apis, row) -> apis.kmsGate().put(Faults.every(1, about(row), Faults.html(500))))
                        .failedAt("checkPrerequisites")
                        .deliveredInVain()
                        .remedy("fix the cause, then publish the same request again"),
                Row.of(Reason.EXPIRED, "expired")
                        .failedAt("checkPrerequisites")
                        .remedy("publish the same request again"));
    }

    // --- what goes wrong -----------------------------------------------------------------------------------------

    /** Calls about a row's own ring or what is in it. */
    private static Predicate<Call> about(Row row) {
        return call -> call.path().contains("/keyRings/ring-" + row.name());
    }

    private static Fault google(int code, String status, ObjectNode... details) {
        Reply reply = GoogleReply.error(code, status, "As it was told.", details);
        return (call, apis) -> reply;
    }
}
