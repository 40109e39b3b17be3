package cmek.scan;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Values in a row, too many to be held as such: they are kept as compressed JSON, and made again from it while they are
 * iterated, a block at a time. What differs little from one value to the next, as a scan's keys do, costs a tenth or less.
 * It cannot be changed; as JSON it is an array.
 *
 * @param <T> one class of values that {@link ScanJson} writes and reads
 */
public final class Packed<T> extends AbstractCollection<T> {

    /** Of JSON, in bytes: what an iteration holds at a time. */
    private static final int BLOCK = 16 * 1024;

    private static final Packed<?> NONE = new Packed<>(Object.class, List.of(), 0);

    private final Class<T> type;
    private final List<Block> blocks;
    private final int size;

    private Packed(Class<T> type, List<Block> blocks, int size) {
        this.type = type;
        this.blocks = List.copyOf(blocks);
        this.size = size;
    }

    /** No value. */
    @SuppressWarnings("unchecked") // Nothing is ever read from it.
    public static <T> Packed<T> none() {
        return (Packed<T>) NONE;
    }

    @SafeVarargs
    public static <T> Packed<T> of(T... values) {
        Builder<T> packed = new Builder<>();
        for (T value : values) {
            packed.add(value);
        }
        return packed.build();
    }

    public static <T> Packed<T> copyOf(Iterable<? extends T> values) {
        Builder<T> packed = new Builder<>();
        values.forEach(packed::add);
        return packed.build();
    }

    @Override
    public Iterator<T> iterator() {
        return new OneAfterAnother<>(blocks.iterator(), this::values);
    }

    private Iterator<T> values(Block block) {
        try {
            return ScanJson.values(block.json(), type);
        } catch (IOException e) {
            throw new UncheckedIOException("a block is not as it was written", e);
        }
    }

    @Override
    public int size() {
        return size;
    }

    /** How much is held, in bytes. */
    int bytes() {
        return blocks.stream().mapToInt(block -> block.deflated().length).sum();
    }

    /** As for a list: the same values in the same order. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Packed<?> packed) || packed.size != size) {
            return false;
        }
        Iterator<?> theirs = packed.iterator();
        for (T value : this) {
            if (!value.equals(theirs.next())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (T value : this) {
            hash = 31 * hash + value.hashCode();
        }
        return hash;
    }

    /**
     * Some values, one after another.
     *
     * @param length of the JSON before it was compressed, in bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared, and never seen outside.
    private record Block(byte[] deflated, int length) {

        static Block of(byte[] json) {
            Deflater deflater = new Deflater();
            try {
                deflater.setInput(json);
                deflater.finish();
                ByteArrayOutputStream deflated = new ByteArrayOutputStream(json.length / 8);
                byte[] some = new byte[2048];
                while (!deflater.finished()) {
                    deflated.write(some, 0, deflater.deflate(some));
                }
                return new Block(deflated.toByteArray(), json.length);
            } finally {
                deflater.end();
            }
        }

        byte[] json() {
            Inflater inflater = new Inflater();
            try {
                inflater.setInput(deflated);
                byte[] json = new byte[length];
                if (inflater.inflate(json) != length) {
                    throw new IllegalStateException("a block is shorter than it was");
                }
                return json;
            } catch (DataFormatException e) {
                throw new IllegalStateException("a block is not as it was written", e);
            } finally {
                inflater.end();
            }
        }
    }

    /** Packs values as they come. For one thread at a time. */
    public static final class Builder<T> {

        private final ByteArrayOutputStream json = new ByteArrayOutputStream();
        private final List<Block> blocks = new ArrayList<>();
        private @Nullable Class<T> type;
        private int size;

        /** Adds a value behind the others. */
        @SuppressWarnings("unchecked") // All are of one class, which writes itself and nothing else.
        public void add(T value) {
            if (type == null) {
                type = (Class<T>) value.getClass();
            }
            ScanJson.write(json, value);
            size++;
            if (json.size() >= BLOCK) {
                close();
            }
        }

        private void close() {
            blocks.add(Block.of(json.toByteArray()));
            json.reset();
        }

        /** What was added so far. */
        public Packed<T> build() {
            if (type == null) {
                return none();
            }
            if (json.size() > 0) {
                close();
            }
            return new Packed<>(type, blocks, size);
        }
    }
}
