package cmek.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The digest that names a text, or some bytes, and no other. */
public final class Sha256 {

    private Sha256() {}

    /** In 64 hexadecimal digits. */
    public static String of(String text) {
        return of(text.getBytes(UTF_8));
    }

    /** Of these one after another, in 64 hexadecimal digits. */
    public static String of(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
