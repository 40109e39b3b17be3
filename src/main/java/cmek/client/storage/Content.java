package cmek.client.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.InputStream;
import java.util.Iterator;
import java.util.Objects;

/** The bytes of a text in pieces, of which it holds one at a time. */
final class Content extends InputStream {

    private final Iterator<String> pieces;
    private byte[] piece = new byte[0];
    private int read;

    Content(Iterable<String> pieces) {
        this.pieces = pieces.iterator();
    }

    /** How many bytes they are, all in all. */
    static long length(Iterable<String> pieces) {
        long length = 0;
        for (String piece : pieces) {
            length += piece.getBytes(UTF_8).length;
        }
        return length;
    }

    @Override
    public int read() {
        return isAtEnd() ? -1 : piece[read++] & 0xff;
    }

    /** As many as are wanted, while there are any: whoever sends them sends each answer by itself. */
    @Override
    public int read(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int copied = 0;
        while (copied < length && !isAtEnd()) {
            int some = Math.min(length - copied, piece.length - read);
            System.arraycopy(piece, read, bytes, offset + copied, some);
            read += some;
            copied += some;
        }
        return copied == 0 && length > 0 ? -1 : copied;
    }

    private boolean isAtEnd() {
        while (read == piece.length) {
            if (!pieces.hasNext()) {
                return true;
            }
            piece = pieces.next().getBytes(UTF_8);
            read = 0;
        }
        return false;
    }
}
