package cmek.deployment;

import static java.util.Map.entry;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What Google asks of whoever makes a call: each method that leaves the program for Google, with the API's name of the call
 * and the permissions it takes. The only place where that is written down for tests; {@link Reach} stops at a call that is
 * not in it.
 *
 * @see <a href="https://cloud.google.com/kms/docs/reference/permissions-and-roles">Cloud KMS</a>
 * @see <a href="https://cloud.google.com/storage/docs/access-control/iam-json">Cloud Storage</a>
 * @see <a href="https://cloud.google.com/resource-manager/docs/access-control-proj">Resource Manager</a>
 * @see <a href="https://cloud.google.com/iam/docs/reference/rest/v1/projects.roles/get">IAM roles</a>
 */
final class GooglePermissions {

    /** Where a permission is granted. */
    enum Where {
        KEY_PROJECT("key-project"),
        EVIDENCE_BUCKET("evidence-bucket"),
        /** The bucket of the reports of finished scans. */
        REPORTS_BUCKET("reports-bucket"),
        /** A topic, by {@code roles/pubsub.publisher} in topics.tf. */
        TOPIC("topic"),
        /** A folder or an organization. Nothing is granted there: what cannot be read is unknown, and said to be. */
        ABOVE_PROJECT("above-project");

        private final String word;

        Where(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /**
     * A permission that a call takes.
     *
     * @param call the API's name of it
     */
    record Needed(String call, String permission, Where where) {}

    /** Keyed by type and method. {@code TestIamPermissions} takes none: it tells callers about themselves. */
    static final Map<String, List<Needed>> BY_CALL = Map.ofEntries(
            kms("KeyManagementServiceStub.getLocationCallable", "GetLocation", "locations.get"),
            kms("KeyManagementServiceStub.getKeyRingCallable", "GetKeyRing", "keyRings.get"),
            kms("KeyManagementServiceStub.createKeyRingCallable", "CreateKeyRing", "keyRings.create"),
            kms("KeyManagementServiceStub.getCryptoKeyCallable", "GetCryptoKey", "cryptoKeys.get"),
            kms("KeyManagementServiceStub.createCryptoKeyCallable", "CreateCryptoKey", "cryptoKeys.create"),
            kms("KeyManagementServiceStub.updateCryptoKeyCallable", "UpdateCryptoKey", "cryptoKeys.update"),
            kms(
                    "KeyManagementServiceStub.listCryptoKeyVersionsCallable",
                    "ListCryptoKeyVersions",
                    "cryptoKeyVersions.list"),
            kms(
                    "KeyManagementServiceStub.listRetiredResourcesCallable",
                    "ListRetiredResources",
                    "retiredResources.list"),
            kms("IamHttp.getIamPolicy", "GetIamPolicy", "cryptoKeys.getIamPolicy"),
            kms("IamHttp.getKeyRingIamPolicy", "GetKeyRingIamPolicy", "keyRings.getIamPolicy"),
            kms("IamHttp.setIamPolicy", "SetIamPolicy", "cryptoKeys.setIamPolicy"),
            entry("IamHttp.testIamPermissions", List.of()),
            call("ServiceUsageHttp.get", project("GetService", "serviceusage.services.get")),
            call(
                    "DenyPolicyHttp.list",
                    project("ListPolicies", "iam.denypolicies.list"),
                    above("ListPolicies", "iam.denypolicies.list")),
            call(
                    "DenyPolicyHttp.get",
                    project("GetPolicy", "iam.denypolicies.get"),
                    above("GetPolicy", "iam.denypolicies.get")),
            call(
                    "IamRolesHttp.get",
                    project("GetRole", "iam.roles.get"),
                    above("GetOrganizationRole", "iam.roles.get")),
            call("OrgPolicyHttp.getEffectivePolicy", project("GetEffectivePolicy", "orgpolicy.policy.get")),
            call(
                    "ResourceManagerHttp.get",
                    project("GetProject", "resourcemanager.projects.get"),
                    above("GetFolder", "resourcemanager.folders.get")),
            call(
                    "ResourceManagerHttp.getIamPolicy",
                    project("GetProjectIamPolicy", "resourcemanager.projects.getIamPolicy"),
                    above("GetFolderIamPolicy", "resourcemanager.folders.getIamPolicy"),
                    above("GetOrganizationIamPolicy", "resourcemanager.organizations.getIamPolicy")),
            entry("ResourceManagerHttp.testIamPermissions", List.of()),
            // Whoever may not list is told 403 instead of 404 about an object that is not there.
            call(
                    "StorageHttp.read",
                    bucket("GetObject", "storage.objects.get"),
                    bucket("GetObject", "storage.objects.list")),
            call("StorageHttp.list", bucket("ListObjects", "storage.objects.list")),
            call("StorageHttp.write", bucket("InsertObject", "storage.objects.create")),
            // One call for what is new and what is replaced: only our own method says which.
            call("EvidenceStorage.replace", bucket("InsertObject", "storage.objects.delete")),
            // The same calls for another bucket: which one it is only our own type says.
            call("ReportStorage.read", reports("GetObject", "get"), reports("GetObject", "list")),
            call("ReportStorage.list", reports("ListObjects", "list")),
            call("ReportStorage.create", reports("InsertObject", "create")),
            call(
                    "NewestResults.keep",
                    bucket("GetObject", "storage.objects.get"),
                    bucket("GetObject", "storage.objects.list"),
                    bucket("InsertObject", "storage.objects.create"),
                    bucket("InsertObject", "storage.objects.delete")),
            call("TopicAdminClient.publish", new Needed("Publish", "pubsub.topics.publish", Where.TOPIC)));

    /** The types by which the program reaches Google: each of their methods that it can call must be known above. */
    static final Set<String> WINDOWS = Set.of(
            "KeyManagementServiceStub",
            "IamHttp",
            "ServiceUsageHttp",
            "IamRolesHttp",
            "OrgPolicyHttp",
            "DenyPolicyHttp",
            "ResourceManagerHttp",
            "StorageHttp",
            "TopicAdminClient");

    /** Methods of our own that are known in full: what they call is not followed. */
    static final Set<String> KNOWN_IN_FULL = Set.of("NewestResults.keep");

    private GooglePermissions() {}

    private static Map.Entry<String, List<Needed>> call(String method, Needed... needed) {
        return entry(method, Arrays.asList(needed));
    }

    private static Map.Entry<String, List<Needed>> kms(String method, String call, String permission) {
        return call(method, project(call, "cloudkms." + permission));
    }

    private static Needed project(String call, String permission) {
        return new Needed(call, permission, Where.KEY_PROJECT);
    }

    private static Needed above(String call, String permission) {
        return new Needed(call, permission, Where.ABOVE_PROJECT);
    }

    private static Needed bucket(String call, String permission) {
        return new Needed(call, permission, Where.EVIDENCE_BUCKET);
    }

    private static Needed reports(String call, String permission) {
        return new Needed(call, "storage.objects." + permission, Where.REPORTS_BUCKET);
    }
}
