package cmek.client.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A secret that is stored outside of the heap, so that no heap dump contains it, and wiped when it is no longer needed.
 * Its {@link #toString} does not show it.
 *
 * <p>A JVM does not allow more: each {@link #text} is on the heap until the garbage is collected, a core dump of the
 * whole process shows everything, and an environment variable lives as long as the process.
 */
public final class Secret {

    private final ByteBuffer bytes;

    private Secret(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** Takes the value and wipes the array it came in. */
    public static Secret keeping(byte[] value) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(value.length);
        bytes.put(0, value);
        Arrays.fill(value, (byte) 0);
        return new Secret(bytes);
    }

    /** The value for a header, not to be stored; zeros once it is wiped. */
    public String text() {
        byte[] copy = new byte[bytes.capacity()];
        try {
            synchronized (bytes) {
                bytes.get(0, copy);
            }
            return new String(copy, ISO_8859_1);
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }

    /** Overwrites the value. */
    public void wipe() {
        synchronized (bytes) {
            bytes.put(0, new byte[bytes.capacity()]);
        }
    }

    @Override
    public String toString() {
        return "Secret[…]";
    }
}
