package cmek.scan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lays two sequences side by side that are both in the order of what they have in common, holding little of either. */
public final class MergeJoin {

    private MergeJoin() {}

    /**
     * Walks through both.
     *
     * @param leftKey by which the left ones are in order
     * @param rightKey by which the right ones are
     * @param together called for each key in order, with all that have it: one of the two lists may be empty
     * @throws IllegalArgumentException when one of them is not in order
     */
    public static <L, R> void join(
            Iterable<L> left,
            Function<? super L, String> leftKey,
            Iterable<R> right,
            Function<? super R, String> rightKey,
            BiConsumer<List<L>, List<R>> together) {
        Side<L> lefts = new Side<>(left.iterator(), leftKey);
        Side<R> rights = new Side<>(right.iterator(), rightKey);
        String key = least(lefts.key(), rights.key());
        while (key != null) {
            together.accept(lefts.take(key), rights.take(key));
            String next = least(lefts.key(), rights.key());
            if (next != null && next.compareTo(key) < 0) {
                throw new IllegalArgumentException("not in order: " + next + " after " + key);
            }
            key = next;
        }
    }

    /** Walks through one: with all that have a key in common. */
    public static <L> void groups(Iterable<L> values, Function<? super L, String> key, Consumer<List<L>> together) {
        join(values, key, Collections.<L>emptyList(), key, (group, none) -> together.accept(group));
    }

    private static @Nullable String least(@Nullable String one, @Nullable String other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) <= 0 ? one : other;
    }

    /** One of the two, with the next value at hand. */
    private static final class Side<T> {

        private final Iterator<T> rest;
        private final Function<? super T, String> keyOf;
        private @Nullable T next;

        Side(Iterator<T> rest, Function<? super T, String> keyOf) {
            this.rest = rest;
            this.keyOf = keyOf;
            advance();
        }

        private void advance() {
            next = rest.hasNext() ? rest.next() : null;
        }

        @Nullable
        String key() {
            return next == null ? null : keyOf.apply(next);
        }

        List<T> take(String key) {
            List<T> taken = new ArrayList<>(1);
            while (next != null && key.equals(keyOf.apply(next))) {
                taken.add(next);
                advance();
            }
            return taken;
        }
    }
}
