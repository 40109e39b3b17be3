package cmek.simulator;

import java.util.Set;

/**
 * The permissions of Cloud KMS, by the kind of resource that may be asked for them.
 *
 * @see <a href="https://cloud.google.com/kms/docs/reference/permissions-and-roles">Permissions</a>
 */
final class KmsPermissions {

    private static final Set<String> OF_A_KEY = Set.of(
            "cloudkms.cryptoKeyVersions.create",
            "cloudkms.cryptoKeyVersions.delete",
            "cloudkms.cryptoKeyVersions.destroy",
            "cloudkms.cryptoKeyVersions.get",
            "cloudkms.cryptoKeyVersions.list",
            "cloudkms.cryptoKeyVersions.manageRawAesCbcKeys",
            "cloudkms.cryptoKeyVersions.manageRawAesCtrKeys",
            "cloudkms.cryptoKeyVersions.manageRawPKCS1Keys",
            "cloudkms.cryptoKeyVersions.restore",
            "cloudkms.cryptoKeyVersions.update",
            "cloudkms.cryptoKeyVersions.useToDecapsulate",
            "cloudkms.cryptoKeyVersions.useToDecrypt",
            "cloudkms.cryptoKeyVersions.useToDecryptViaDelegation",
            "cloudkms.cryptoKeyVersions.useToEncrypt",
            "cloudkms.cryptoKeyVersions.useToEncryptViaDelegation",
            "cloudkms.cryptoKeyVersions.useToSign",
            "cloudkms.cryptoKeyVersions.useToVerify",
            "cloudkms.cryptoKeyVersions.viewPublicKey",
            "cloudkms.cryptoKeys.delete",
            "cloudkms.cryptoKeys.get",
            "cloudkms.cryptoKeys.getIamPolicy",
            "cloudkms.cryptoKeys.setIamPolicy",
            "cloudkms.cryptoKeys.update");

    private static final Set<String> OF_A_RING = Set.of(
            "cloudkms.cryptoKeys.create",
            "cloudkms.cryptoKeys.list",
            "cloudkms.importJobs.create",
            "cloudkms.importJobs.get",
            "cloudkms.importJobs.getIamPolicy",
            "cloudkms.importJobs.list",
            "cloudkms.importJobs.setIamPolicy",
            "cloudkms.importJobs.useToImport",
            "cloudkms.keyRings.createTagBinding",
            "cloudkms.keyRings.delete",
            "cloudkms.keyRings.deleteTagBinding",
            "cloudkms.keyRings.get",
            "cloudkms.keyRings.getIamPolicy",
            "cloudkms.keyRings.listEffectiveTags",
            "cloudkms.keyRings.listTagBindings",
            "cloudkms.keyRings.setIamPolicy");

    private static final Set<String> OF_A_PROJECT = Set.of(
            "cloudkms.keyRings.create",
            "cloudkms.keyRings.list",
            "cloudkms.locations.generateRandomBytes",
            "cloudkms.locations.get",
            "cloudkms.locations.list",
            "cloudkms.locations.optOutKeyDeletionMsa",
            "cloudkms.projects.showEffectiveAutokeyConfig",
            "cloudkms.protectedResources.search",
            "cloudkms.retiredResources.get",
            "cloudkms.retiredResources.list");

    private KmsPermissions() {}

    /** Whether a key or a key ring may be asked for a permission; for all others it is no question to them. */
    static boolean isOf(String resource, String permission) {
        return (resource.contains("/cryptoKeys/") ? OF_A_KEY : OF_A_RING).contains(permission);
    }

    /** Whether Cloud KMS has such a permission on anything; a project answers for all that lies in it. */
    static boolean exists(String permission) {
        return OF_A_KEY.contains(permission) || OF_A_RING.contains(permission) || OF_A_PROJECT.contains(permission);
    }
}
