package cmek.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** One version of a key: its state and its secret. Ciphertext says which version made it, as Cloud KMS' does. */
final class KmsVersion {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int IV = 12;
    private static final int TAG_BITS = 128;

    private final String name;
    private final int number;
    private final String protectionLevel;
    private final String algorithm;
    private final Instant createTime;
    private final SecretKeySpec secret;
    private String state = "ENABLED";
    private @Nullable Instant destroyTime;
    private @Nullable Instant destroyEventTime;
    private @Nullable Instant importTime;
    private boolean imported;

    KmsVersion(String key, int number, String protectionLevel, String algorithm, Instant createTime) {
        this.name = key + "/cryptoKeyVersions/" + number;
        this.number = number;
        this.protectionLevel = protectionLevel;
        this.algorithm = algorithm;
        this.createTime = createTime;
        byte[] random = new byte[32];
        RANDOM.nextBytes(random);
        this.secret = new SecretKeySpec(random, "AES");
    }

    String name() {
        return name;
    }

    int number() {
        return number;
    }

    String protectionLevel() {
        return protectionLevel;
    }

    String state() {
        return state;
    }

    /** Moves to a state; the times that go with a destruction follow. */
    void moveTo(String next, Instant now, Duration destroyScheduledDuration) {
        state = next;
        destroyTime = next.equals("DESTROY_SCHEDULED") ? now.plus(destroyScheduledDuration) : null;
        if (next.equals("DESTROYED")) {
            destroyEventTime = now;
        } else if (!next.equals("IMPORT_FAILED") && !next.equals("PENDING_IMPORT")) {
            destroyEventTime = null;
        }
    }

    /** Its key material was imported; a destroyed version that was may be imported again. */
    void importedAt(Instant now) {
        imported = true;
        importTime = now;
        state = "ENABLED";
    }

    /** Somebody tries to import the material of a destroyed version again, in vain. */
    void failReimport() {
        state = "IMPORT_FAILED";
    }

    boolean isDeletable() {
        return List.of("DESTROYED", "IMPORT_FAILED", "GENERATION_FAILED").contains(state);
    }

    /** A scheduled destruction happens when its time has come. */
    void passTime(Instant now) {
        Instant due = destroyTime;
        if (due != null && !due.isAfter(now)) {
            state = "DESTROYED";
            destroyTime = null;
            destroyEventTime = due;
        }
    }

    void requireEnabled() {
        if (!state.equals("ENABLED")) {
            throw GoogleFailure.failedPrecondition(name + " is not enabled, current state is: " + state + ".");
        }
    }

    byte[] encrypt(byte[] plaintext, byte[] additional) {
        byte[] iv = new byte[IV];
        RANDOM.nextBytes(iv);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, iv, additional).doFinal(plaintext);
            return ByteBuffer.allocate(Integer.BYTES + IV + sealed.length)
                    .putInt(number)
                    .put(iv)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The number of the version that made a ciphertext; empty when none of ours did. */
    static Optional<Integer> numberIn(byte[] ciphertext) {
        return ciphertext.length < Integer.BYTES + IV + TAG_BITS / 8
                ? Optional.empty()
                : Optional.of(ByteBuffer.wrap(ciphertext).getInt());
    }

    /** Opens a ciphertext; empty when this version did not make it, or not with these additional data. */
    Optional<byte[]> decrypt(byte[] ciphertext, byte[] additional) {
        ByteBuffer buffer = ByteBuffer.wrap(ciphertext);
        buffer.getInt();
        byte[] iv = new byte[IV];
        buffer.get(iv);
        byte[] sealed = new byte[buffer.remaining()];
        buffer.get(sealed);
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, iv, additional).doFinal(sealed));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", name)
                .put("state", state)
                .put("createTime", createTime.toString())
                .put("protectionLevel", protectionLevel)
                .put("algorithm", algorithm);
        if (imported) {
            if (importTime != null) {
                json.put("importTime", importTime.toString());
            }
            if (state.equals("DESTROYED") || state.equals("IMPORT_FAILED")) {
                json.put("reimportEligible", true);
            }
        } else {
            json.put("generateTime", createTime.toString());
        }
        if (destroyTime != null) {
            json.put("destroyTime", destroyTime.toString());
        }
        if (destroyEventTime != null) {
            json.put("destroyEventTime", destroyEventTime.toString());
        }
        return json;
    }

    private Cipher cipher(int mode, byte[] iv, byte[] additional) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, secret, new GCMParameterSpec(TAG_BITS, iv));
        cipher.updateAAD(additional);
        return cipher;
    }
}
