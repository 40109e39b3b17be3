package cmek.evidence;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
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
    public <T> Pieces then(Iterable<T> values, Function<T, String> piece) {
        List<Iterable<String>> all = new ArrayList<>(parts);
        all.add(() -> {
            Iterator<T> rest = values.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return rest.hasNext();
                }

                @Override
                public String next() {
                    return piece.apply(rest.next());
                }
            };
        });
        return new Pieces(all);
    }

    @Override
    public Iterator<String> iterator() {
        Iterator<Iterable<String>> rest = parts.iterator();
        return new Iterator<>() {

            private Iterator<String> current = Collections.emptyIterator();

            @Override
            public boolean hasNext() {
                while (!current.hasNext() && rest.hasNext()) {
                    current = rest.next().iterator();
                }
                return current.hasNext();
            }

            @Override
            public String next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return current.next();
            }
        };
    }
}
