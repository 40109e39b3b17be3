package cmek.client.storage;

import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** A large object, of which it holds one range at a time; the next one is requested when it is needed. */
final class Ranges extends InputStream {

    /**
     * Bytes of an object.
     *
     * @param size of the whole object
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Range(byte[] bytes, long size) {}

    private final LongFunction<Range> next;
    private Range range;
    private int read;
    private long end;
    private @Nullable RuntimeException failure;

    /**
     * From the beginning.
     *
     * @param next the range that begins there; may throw
     */
    Ranges(Range first, LongFunction<Range> next) {
        this.range = first;
        this.next = next;
        this.end = first.bytes().length;
    }

    /** Why a range could not be read: the reader may have wrapped the exception in another. */
    Optional<RuntimeException> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public int read() {
        return isAtEnd() ? -1 : range.bytes()[read++] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        if (isAtEnd()) {
            return -1;
        }
        int some = Math.min(length, range.bytes().length - read);
        System.arraycopy(range.bytes(), read, bytes, offset, some);
        read += some;
        return some;
    }

    private boolean isAtEnd() {
        while (read == range.bytes().length) {
            if (end >= range.size()) {
                return true;
            }
            try {
                range = next.apply(end);
            } catch (RuntimeException e) {
                failure = e;
                throw e;
            }
            end += range.bytes().length;
            read = 0;
        }
        return false;
    }
}
