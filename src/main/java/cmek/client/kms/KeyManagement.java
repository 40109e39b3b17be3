package cmek.client.kms;

import cmek.model.CryptoKeyName;
import cmek.model.KeyRingName;
import cmek.model.RoleBinding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Cloud KMS, as far as this product uses it. Every call may throw {@link cmek.finding.PermanentException} (API
 * disabled, permission denied, organization policy, service perimeter, billing) and
 * {@link cmek.finding.TransientException} (timeout, overload, quota, 5xx).
 *
 * @see <a href="https://cloud.google.com/kms/docs/reference/rest">Cloud KMS API v1</a>
 */
public interface KeyManagement {

    /**
     * Reads a location.
     *
     * @return whether it offers Cloud HSM; empty when the location does not exist in the project
     */
    Optional<Boolean> hsmAvailable(String project, String location);

    boolean keyRingExists(KeyRingName ring);

    /** Creates a key ring; key rings can never be deleted. */
    Creation createKeyRing(KeyRingName ring);

    /** Reads a key with its primary version; empty when the key or its ring does not exist. */
    Optional<CryptoKeyInfo> cryptoKey(CryptoKeyName key);

    /** Reads all versions of a key, all pages, in the order of their numbers. */
    List<KeyVersionInfo> versions(CryptoKeyName key);

    /**
     * Looks whether a key of this name was deleted. Best effort: whatever keeps the records from being read makes the answer
     * unknown, and nothing is thrown.
     */
    RetiredName retiredName(CryptoKeyName key);

    /** Creates a symmetric encryption key with its labels, in one call. */
    Creation createCryptoKey(CryptoKeyName key, CryptoKeySpec spec);

    /**
     * Replaces the labels of a key, all of them.
     *
     * @param labels the whole map, labels of others included
     */
    void replaceLabels(CryptoKeyName key, Map<String, String> labels);

    /** Reads the policy on the key itself, conditions included; what is inherited from ring or project is not in it. */
    KeyPolicy policy(CryptoKeyName key);

    /**
     * Reads the policy on a key ring, which every key in it inherits, conditions included.
     *
     * @return empty when there is no such ring
     */
    Optional<List<RoleBinding>> bindings(KeyRingName ring);

    /**
     * Writes the policy on the key itself, guarded by the etag it was read with.
     *
     * @return false when someone else wrote in between: nothing was written, read again and decide again
     */
    boolean writePolicy(CryptoKeyName key, KeyPolicy policy);

    /**
     * Which of these permissions the caller, and nobody else, holds on a key; those granted further up count. None on a
     * key that does not exist.
     */
    Set<String> heldPermissions(CryptoKeyName key, Set<String> asked);

    /** The same on a key ring. */
    Set<String> heldPermissions(KeyRingName ring, Set<String> asked);

    /** How a create ended. */
    enum Creation {
        CREATED,
        /** It existed already, perhaps created by a call of ours whose answer was lost: read and compare. */
        ALREADY_EXISTS
    }
}
