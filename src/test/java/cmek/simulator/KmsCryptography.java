package cmek.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Encrypts and decrypts, with the checksums that guard both directions.
 *
 * @see <a href="https://cloud.google.com/kms/docs/data-integrity-guidelines">Data integrity</a>
 */
final class KmsCryptography {

    private static final int SOFTWARE_AT_MOST = 64 * 1024;
    private static final int HSM_AT_MOST = 8 * 1024;

    private final KmsState state;

    KmsCryptography(KmsState state) {
        this.state = state;
    }

    ObjectNode encrypt(KmsCall call) {
        KmsKey key = symmetric(call);
        // A version may be named in place of its key, and is used then, primary or not.
        KmsVersion version = call.resource().equals(call.key())
                ? key.primary()
                        .orElseThrow(() -> GoogleFailure.failedPrecondition(key.name() + " has no primary version."))
                : state.version(call.resource());
        version.requireEnabled();
        ObjectNode body = call.body();
        byte[] plaintext = checked(body, "plaintext");
        byte[] additional = checked(body, "additionalAuthenticatedData");
        requireSize(plaintext, additional, version.protectionLevel().equals("HSM"));
        byte[] ciphertext = version.encrypt(plaintext, additional);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("name", version.name())
                .put("ciphertext", Base64.getEncoder().encodeToString(ciphertext))
                .put("ciphertextCrc32c", Long.toString(crc32c(ciphertext)));
        if (body.hasNonNull("plaintextCrc32c")) {
            answer.put("verifiedPlaintextCrc32c", true);
        }
        if (body.hasNonNull("additionalAuthenticatedDataCrc32c")) {
            answer.put("verifiedAdditionalAuthenticatedDataCrc32c", true);
        }
        return answer.put("protectionLevel", version.protectionLevel());
    }

    ObjectNode decrypt(KmsCall call) {
        KmsKey key = symmetric(call);
        ObjectNode body = call.body();
        byte[] ciphertext = checked(body, "ciphertext");
        byte[] additional = checked(body, "additionalAuthenticatedData");
        KmsVersion version =
                KmsVersion.numberIn(ciphertext).flatMap(key::version).orElseThrow(KmsCryptography::undecipherable);
        version.requireEnabled();
        byte[] plaintext = version.decrypt(ciphertext, additional).orElseThrow(KmsCryptography::undecipherable);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("plaintext", Base64.getEncoder().encodeToString(plaintext))
                .put("plaintextCrc32c", Long.toString(crc32c(plaintext)));
        if (key.primary().filter(version::equals).isPresent()) {
            answer.put("usedPrimary", true);
        }
        return answer.put("protectionLevel", version.protectionLevel());
    }

    private KmsKey symmetric(KmsCall call) {
        KmsKey key = state.key(call.key());
        if (!key.traits().isSymmetric()) {
            throw GoogleFailure.failedPrecondition(key.name() + " is not of purpose ENCRYPT_DECRYPT.");
        }
        if (key.accessReasons().filter(List::isEmpty).isPresent()) {
            throw GoogleFailure.permissionDenied("cloudkms.cryptoKeyVersions.useToEncrypt", key.name());
        }
        return key;
    }

    /** The bytes in a field, which must match the checksum beside it where there is one. */
    private static byte[] checked(ObjectNode body, String field) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder()
                    .decode(body.path(field).asText("").replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            throw GoogleFailure.invalidArgument("Invalid value at '" + field + "': Base64 decoding failed.");
        }
        JsonNode checksum = body.path(field + "Crc32c");
        if (!checksum.isMissingNode() && !checksum.isNull() && checksum.asLong(-1) != crc32c(bytes)) {
            throw GoogleFailure.invalidArgument(
                    "The checksum in field " + field + "_crc32c did not match the data in field " + field + ".");
        }
        return bytes;
    }

    private static void requireSize(byte[] plaintext, byte[] additional, boolean hsm) {
        boolean tooLarge = hsm
                ? plaintext.length + additional.length > HSM_AT_MOST
                : plaintext.length > SOFTWARE_AT_MOST || additional.length > SOFTWARE_AT_MOST;
        if (tooLarge) {
            throw GoogleFailure.invalidArgument("The plaintext or the additional data are too large.");
        }
    }

    private static GoogleFailure undecipherable() {
        return GoogleFailure.invalidArgument("Decryption failed: verify that 'name' refers to the correct CryptoKey.");
    }

    static long crc32c(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return checksum.getValue();
    }
}
