package cmek.check;

import java.util.Optional;
import java.util.Set;

/**
 * What a role lets its holder do to a key, on the resource where it is bound.
 *
 * @param decrypts decrypt with the key
 * @param setsPolicy change a policy that the key has or inherits, and so let itself decrypt
 * @param impersonates act as a service account of the project, which may be able to do either
 */
record RolePower(boolean decrypts, boolean setsPolicy, boolean impersonates) {

    static final RolePower NONE = new RolePower(false, false, false);

    private static final RolePower DECRYPTS = new RolePower(true, false, false);
    private static final RolePower SETS_POLICY = new RolePower(false, true, false);
    private static final RolePower EVERYTHING = new RolePower(true, true, true);
    private static final RolePower IMPERSONATES = new RolePower(false, false, true);

    private static final String KMS = "roles/cloudkms.";

    /**
     * Roles with {@code cloudkms.cryptoKeyVersions.useToDecrypt} or the same by delegation to a service of Google.
     *
     * @see <a href="https://cloud.google.com/kms/docs/reference/permissions-and-roles">Cloud KMS roles</a>
     */
    private static final Set<String> DECRYPTING = Set.of(
            "roles/cloudkms.cryptoKeyDecrypter",
            "roles/cloudkms.cryptoKeyEncrypterDecrypter",
            "roles/cloudkms.cryptoKeyDecrypterViaDelegation",
            "roles/cloudkms.cryptoKeyEncrypterDecrypterViaDelegation",
            "roles/cloudkms.cryptoOperator");

    private static final Set<String> BASIC_AND_ALL = Set.of("roles/owner", "roles/admin");

    /** Roles that may set the policy of a crypto key, wherever they are bound. */
    private static final Set<String> POLICY_SETTING = Set.of("roles/cloudkms.admin", "roles/iam.securityAdmin");

    /** Roles that may set the policy of a project or of what is above it, which its keys inherit. */
    private static final Set<String> POLICY_SETTING_ABOVE = Set.of(
            "roles/resourcemanager.projectIamAdmin",
            "roles/resourcemanager.folderIamAdmin",
            "roles/resourcemanager.folderAdmin",
            "roles/resourcemanager.organizationAdmin");

    /** Roles that may act as service accounts of the project, make their keys, or widen a role that the holder has. */
    private static final Set<String> IMPERSONATING = Set.of(
            "roles/editor",
            "roles/writer",
            "roles/iam.organizationRoleAdmin",
            "roles/iam.roleAdmin",
            "roles/iam.serviceAccountAdmin",
            "roles/iam.serviceAccountKeyAdmin",
            "roles/iam.serviceAccountTokenCreator",
            "roles/iam.serviceAccountUser",
            "roles/iam.workloadIdentityPoolAdmin");

    /** Roles of Cloud KMS with none of this. A role of Cloud KMS that is in no list here is of unknown power. */
    private static final Set<String> HARMLESS = Set.of(
            "roles/cloudkms.autokeyAdmin",
            "roles/cloudkms.autokeyUser",
            "roles/cloudkms.cryptoKeyEncrypter",
            "roles/cloudkms.cryptoKeyEncrypterViaDelegation",
            "roles/cloudkms.ekmConnectionsAdmin",
            "roles/cloudkms.expertRawAesCbc",
            "roles/cloudkms.expertRawAesCtr",
            "roles/cloudkms.expertRawPKCS1",
            "roles/cloudkms.importer",
            "roles/cloudkms.protectedResourcesViewer",
            "roles/cloudkms.publicKeyViewer",
            "roles/cloudkms.signer",
            "roles/cloudkms.signerVerifier",
            "roles/cloudkms.verifier",
            "roles/cloudkms.viewer");

    private static final Set<String> POLICY_PERMISSIONS =
            Set.of("cloudkms.cryptoKeys.setIamPolicy", "cloudkms.keyRings.setIamPolicy");
    private static final Set<String> POLICY_PERMISSIONS_ABOVE = Set.of(
            "resourcemanager.projects.setIamPolicy",
            "resourcemanager.folders.setIamPolicy",
            "resourcemanager.organizations.setIamPolicy",
            // Whoever holds a custom role and may change it holds what they like.
            "iam.roles.update");
    private static final Set<String> IMPERSONATING_PERMISSIONS = Set.of(
            "iam.serviceAccounts.actAs",
            "iam.serviceAccounts.getAccessToken",
            "iam.serviceAccounts.implicitDelegation",
            "iam.serviceAccounts.setIamPolicy",
            "iam.serviceAccounts.signBlob",
            "iam.serviceAccounts.signJwt",
            "iam.serviceAccountKeys.create");

    /** Whether a role's permissions have to be read to know its power. */
    static boolean isCustom(String role) {
        return !role.startsWith("roles/");
    }

    /**
     * The power of a predefined role.
     *
     * @param aboveRing whether it is bound on a project, a folder or an organization
     * @return empty where it is not known
     */
    static Optional<RolePower> ofPredefined(String role, boolean aboveRing) {
        if (BASIC_AND_ALL.contains(role)) {
            return Optional.of(EVERYTHING);
        }
        if (DECRYPTING.contains(role)) {
            return Optional.of(DECRYPTS);
        }
        if (POLICY_SETTING.contains(role) || (aboveRing && POLICY_SETTING_ABOVE.contains(role))) {
            return Optional.of(SETS_POLICY);
        }
        if (aboveRing && IMPERSONATING.contains(role)) {
            return Optional.of(IMPERSONATES);
        }
        return role.startsWith(KMS) && !HARMLESS.contains(role) ? Optional.empty() : Optional.of(NONE);
    }

    /** The power of a custom role. */
    static RolePower ofPermissions(Set<String> permissions, boolean aboveRing) {
        return new RolePower(
                permissions.contains("cloudkms.cryptoKeyVersions.useToDecrypt")
                        || permissions.contains("cloudkms.cryptoKeyVersions.useToDecryptViaDelegation"),
                permissions.stream()
                        .anyMatch(permission -> POLICY_PERMISSIONS.contains(permission)
                                || (aboveRing && POLICY_PERMISSIONS_ABOVE.contains(permission))),
                aboveRing && permissions.stream().anyMatch(IMPERSONATING_PERMISSIONS::contains));
    }

    boolean decryptsOrMayLetItself() {
        return decrypts || setsPolicy;
    }
}
