package cmek.simulator;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The methods of the Cloud KMS API v1 that are simulated: where each lives, what it needs and whether it changes
 * something.
 *
 * @see <a href="https://cloud.google.com/kms/docs/reference/permissions-and-roles">Permissions</a>
 */
enum KmsMethod {
    LIST_LOCATIONS("ListLocations", "GET", Kind.LOCATIONS, "", "cloudkms.locations.list"),
    GET_LOCATION("GetLocation", "GET", Kind.LOCATION, "", "cloudkms.locations.get"),

    LIST_RETIRED_RESOURCES("ListRetiredResources", "GET", Kind.RETIRED_RESOURCES, "", "cloudkms.retiredResources.list"),

    LIST_KEY_RINGS("ListKeyRings", "GET", Kind.KEY_RINGS, "", "cloudkms.keyRings.list"),
    GET_KEY_RING("GetKeyRing", "GET", Kind.KEY_RING, "", "cloudkms.keyRings.get"),
    CREATE_KEY_RING("CreateKeyRing", "POST", Kind.KEY_RINGS, "", "cloudkms.keyRings.create"),

    GET_KEY_RING_IAM_POLICY("GetIamPolicy", "GET", Kind.KEY_RING, "getIamPolicy", "cloudkms.keyRings.getIamPolicy"),
    SET_KEY_RING_IAM_POLICY("SetIamPolicy", "POST", Kind.KEY_RING, "setIamPolicy", "cloudkms.keyRings.setIamPolicy"),
    TEST_KEY_RING_PERMISSIONS("TestIamPermissions", "POST", Kind.KEY_RING, "testIamPermissions", ""),

    LIST_CRYPTO_KEYS("ListCryptoKeys", "GET", Kind.KEYS, "", "cloudkms.cryptoKeys.list"),
    GET_CRYPTO_KEY("GetCryptoKey", "GET", Kind.KEY, "", "cloudkms.cryptoKeys.get"),
    CREATE_CRYPTO_KEY("CreateCryptoKey", "POST", Kind.KEYS, "", "cloudkms.cryptoKeys.create"),
    UPDATE_CRYPTO_KEY("UpdateCryptoKey", "PATCH", Kind.KEY, "", "cloudkms.cryptoKeys.update"),
    DELETE_CRYPTO_KEY("DeleteCryptoKey", "DELETE", Kind.KEY, "", "cloudkms.cryptoKeys.delete"),
    UPDATE_PRIMARY_VERSION(
            "UpdateCryptoKeyPrimaryVersion", "POST", Kind.KEY, "updatePrimaryVersion", "cloudkms.cryptoKeys.update"),

    GET_IAM_POLICY("GetIamPolicy", "GET", Kind.KEY, "getIamPolicy", "cloudkms.cryptoKeys.getIamPolicy"),
    SET_IAM_POLICY("SetIamPolicy", "POST", Kind.KEY, "setIamPolicy", "cloudkms.cryptoKeys.setIamPolicy"),
    TEST_IAM_PERMISSIONS("TestIamPermissions", "POST", Kind.KEY, "testIamPermissions", ""),

    ENCRYPT("Encrypt", "POST", Kind.KEY, "encrypt", "cloudkms.cryptoKeyVersions.useToEncrypt"),
    ENCRYPT_BY_VERSION("Encrypt", "POST", Kind.VERSION, "encrypt", "cloudkms.cryptoKeyVersions.useToEncrypt"),
    DECRYPT("Decrypt", "POST", Kind.KEY, "decrypt", "cloudkms.cryptoKeyVersions.useToDecrypt"),

    LIST_VERSIONS("ListCryptoKeyVersions", "GET", Kind.VERSIONS, "", "cloudkms.cryptoKeyVersions.list"),
    GET_VERSION("GetCryptoKeyVersion", "GET", Kind.VERSION, "", "cloudkms.cryptoKeyVersions.get"),
    CREATE_VERSION("CreateCryptoKeyVersion", "POST", Kind.VERSIONS, "", "cloudkms.cryptoKeyVersions.create"),
    UPDATE_VERSION("UpdateCryptoKeyVersion", "PATCH", Kind.VERSION, "", "cloudkms.cryptoKeyVersions.update"),
    DELETE_VERSION("DeleteCryptoKeyVersion", "DELETE", Kind.VERSION, "", "cloudkms.cryptoKeyVersions.delete"),
    DESTROY_VERSION("DestroyCryptoKeyVersion", "POST", Kind.VERSION, "destroy", "cloudkms.cryptoKeyVersions.destroy"),
    RESTORE_VERSION("RestoreCryptoKeyVersion", "POST", Kind.VERSION, "restore", "cloudkms.cryptoKeyVersions.restore");

    /** What a path names. */
    enum Kind {
        LOCATIONS("projects/*/locations"),
        LOCATION("projects/*/locations/*"),
        RETIRED_RESOURCES("projects/*/locations/*/retiredResources"),
        KEY_RINGS("projects/*/locations/*/keyRings"),
        KEY_RING("projects/*/locations/*/keyRings/*"),
        KEYS("projects/*/locations/*/keyRings/*/cryptoKeys"),
        KEY("projects/*/locations/*/keyRings/*/cryptoKeys/*"),
        VERSIONS("projects/*/locations/*/keyRings/*/cryptoKeys/*/cryptoKeyVersions"),
        VERSION("projects/*/locations/*/keyRings/*/cryptoKeys/*/cryptoKeyVersions/*");

        private final Pattern pattern;

        Kind(String template) {
            this.pattern = Pattern.compile(template.replace("*", "[^/]+"));
        }

        boolean names(String resource) {
            return pattern.matcher(resource).matches();
        }
    }

    private final String title;
    private final String http;
    private final Kind kind;
    private final String verb;
    private final String permission;

    KmsMethod(String title, String http, Kind kind, String verb, String permission) {
        this.title = title;
        this.http = http;
        this.kind = kind;
        this.verb = verb;
        this.permission = permission;
    }

    /** The method that a call asks for; empty when the API, as far as it is simulated, has none such. */
    static Optional<KmsMethod> of(String http, String resource, String verb) {
        for (KmsMethod method : values()) {
            if (method.http.equals(http) && method.verb.equals(verb) && method.kind.names(resource)) {
                return Optional.of(method);
            }
        }
        return Optional.empty();
    }

    /** The method's name in the API's own words. */
    String title() {
        return title;
    }

    Kind kind() {
        return kind;
    }

    /** The permission that the caller needs; empty when anybody may call. */
    String permission() {
        return permission;
    }

    boolean isWrite() {
        return switch (this) {
            case CREATE_KEY_RING,
                    CREATE_CRYPTO_KEY,
                    UPDATE_CRYPTO_KEY,
                    DELETE_CRYPTO_KEY,
                    UPDATE_PRIMARY_VERSION,
                    SET_KEY_RING_IAM_POLICY,
                    SET_IAM_POLICY,
                    CREATE_VERSION,
                    UPDATE_VERSION,
                    DELETE_VERSION,
                    DESTROY_VERSION,
                    RESTORE_VERSION -> true;
            default -> false;
        };
    }
}
