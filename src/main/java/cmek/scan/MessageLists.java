package cmek.scan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The first entries of lists that may be too long for a message, and how many of each are left out. */
final class MessageLists {

    private final Map<String, Integer> leftOut = new LinkedHashMap<>();

    /**
     * The first entries of a list.
     *
     * @param name what the message calls it
     */
    <T> List<T> of(String name, List<T> all, int atMost) {
        return of(name, all, atMost, same -> same);
    }

    /** The same, with each entry converted. */
    <T, R> List<R> of(String name, List<T> all, int atMost, Function<T, R> entry) {
        if (all.size() > atMost) {
            leftOut.put(name, all.size() - atMost);
        }
        return all.stream().limit(atMost).map(entry).toList();
    }

    /** How many entries each list lacks, by its name; without those that are complete. */
    Map<String, Integer> leftOut() {
        return leftOut;
    }

    /**
     * What is added to the line for a person; empty where nothing is left out.
     *
     * @param complete the object in which nothing is left out
     */
    String told(String complete) {
        return leftOut.isEmpty()
                ? ""
                : leftOut.entrySet().stream()
                        .map(list -> list.getValue() + " of " + list.getKey())
                        .collect(Collectors.joining(
                                ", ", "; left out of this message: ", "; the complete lists are in " + complete));
    }
}
