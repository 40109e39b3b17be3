package cmek.model;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Patterns in which only {@code *} has a meaning. */
public final class Wildcards {

    private Wildcards() {}

    /**
     * A pattern for whole texts. The text between the wildcards is quoted piece by piece, so that none of it can end its
     * quotation.
     *
     * @param any the regular expression of what a wildcard stands for
     */
    public static Pattern compile(String pattern, String any) {
        return Pattern.compile(
                Arrays.stream(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(any)));
    }
}
