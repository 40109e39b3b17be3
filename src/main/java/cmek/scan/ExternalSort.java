package cmek.scan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Puts values in order that are too many to be held as such: some at a time are sorted and packed, and the sorted runs are
 * merged. What is equal stays as it came. For one thread at a time.
 */
public final class ExternalSort<T> {

    /** How many values are held at a time while they come. */
    private static final int RUN = 500;

    /** Of how many runs a block is held at a time while they are merged. */
    private static final int WAYS = 32;

    private final Comparator<? super T> order;
    private final List<Packed<T>> runs = new ArrayList<>();
    private final List<T> some = new ArrayList<>();

    public ExternalSort(Comparator<? super T> order) {
        this.order = order;
    }

    /** The same values in another order. */
    public static <T> Packed<T> sorted(Iterable<? extends T> values, Comparator<? super T> order) {
        ExternalSort<T> sort = new ExternalSort<>(order);
        values.forEach(sort::add);
        return sort.sorted();
    }

    public void add(T value) {
        some.add(value);
        if (some.size() == RUN) {
            close();
        }
    }

    private void close() {
        some.sort(order);
        runs.add(Packed.copyOf(some));
        some.clear();
    }

    /** All that was added, in order. */
    public Packed<T> sorted() {
        if (!some.isEmpty()) {
            close();
        }
        while (runs.size() > 1) {
            // Neighbours alone are merged, so that of equal values the first stays the first.
            List<Packed<T>> merged = new ArrayList<>();
            for (int i = 0; i < runs.size(); i += WAYS) {
                merged.add(merged(runs.subList(i, Math.min(i + WAYS, runs.size()))));
            }
            runs.clear();
            runs.addAll(merged);
        }
        return runs.isEmpty() ? Packed.none() : runs.get(0);
    }

    private Packed<T> merged(List<Packed<T>> several) {
        PriorityQueue<Head<T>> heads = new PriorityQueue<>(
                Comparator.comparing((Head<T> head) -> head.value, order).thenComparingInt(head -> head.place));
        for (int i = 0; i < several.size(); i++) {
            heads.add(new Head<>(several.get(i).iterator(), i));
        }
        Packed.Builder<T> merged = new Packed.Builder<>();
        while (!heads.isEmpty()) {
            Head<T> least = heads.remove();
            merged.add(least.value);
            if (least.advance()) {
                heads.add(least);
            }
        }
        return merged.build();
    }

    /** The least value of a run that is left; no run is empty. */
    private static final class Head<T> {

        private final Iterator<T> rest;
        private final int place;
        private T value;

        Head(Iterator<T> rest, int place) {
            this.rest = rest;
            this.place = place;
            this.value = rest.next();
        }

        boolean advance() {
            if (!rest.hasNext()) {
                return false;
            }
            value = rest.next();
            return true;
        }
    }
}
