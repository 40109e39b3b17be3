package cmek.scan;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** The values of several parts in a row; a part is opened when those before it are at their end. */
final class OneAfterAnother<P, T> implements Iterator<T> {

    private final Iterator<P> parts;
    private final Function<? super P, Iterator<T>> opened;
    private Iterator<T> current = Collections.emptyIterator();

    OneAfterAnother(Iterator<P> parts, Function<? super P, Iterator<T>> opened) {
        this.parts = parts;
        this.opened = opened;
    }

    @Override
    public boolean hasNext() {
        while (!current.hasNext() && parts.hasNext()) {
            current = opened.apply(parts.next());
        }
        return current.hasNext();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return current.next();
    }
}
