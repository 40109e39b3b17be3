package cmek.scan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A text too long to be held: each piece is made when it is asked for, and the same ones again by every iterator. Several
 * may be under way at once.
 */
public final class Pieces implements Iterable<String> {

    private final List<Iterable<String>> parts;

    private Pieces(List<Iterable<String>> parts) {
        this.parts = List.copyOf(parts);
    }

    /** No text yet. */
    public static Pieces none() {
        return new Pieces(List.of());
    }

    /** The same with one more piece. */
    public Pieces then(Supplier<String> piece) {
        return then(() -> Collections.singleton(piece).iterator(), Supplier::get);
    }

    /** The same with one more piece for each value. */
    public <T> Pieces then(Iterable<T> values, Function<? super T, String> piece) {
        return then(values, piece, "");
    }

    /**
     * The same with something between each two of them.
     *
     * @param between goes with the second one
     */
    public <T> Pieces then(Iterable<T> values, Function<? super T, String> piece, String between) {
        List<Iterable<String>> all = new ArrayList<>(parts);
        all.add(() -> new Separated<>(values.iterator(), piece, between));
        return new Pieces(all);
    }

    @Override
    public Iterator<String> iterator() {
        return new OneAfterAnother<>(parts.iterator(), Iterable::iterator);
    }

    private static final class Separated<T> implements Iterator<String> {

        private final Iterator<T> values;
        private final Function<? super T, String> piece;
        private final String between;
        private boolean isFirst = true;

        Separated(Iterator<T> values, Function<? super T, String> piece, String between) {
            this.values = values;
            this.piece = piece;
            this.between = between;
        }

        @Override
        public boolean hasNext() {
            return values.hasNext();
        }

        @Override
        public String next() {
            String text = piece.apply(values.next());
            String before = isFirst ? "" : between;
            isFirst = false;
            return before + text;
        }
    }
}
