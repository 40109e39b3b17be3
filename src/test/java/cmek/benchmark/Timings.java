package cmek.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How long the same thing took, time after time, in seconds. */
final class Timings {

    /** What {@link #toString()} shows. */
    static final String FORM = "median (minimum – maximum)";

    private final List<Double> seconds = new ArrayList<>();

    void add(double took) {
        seconds.add(took);
    }

    double median() {
        return Table.median(seconds);
    }

    @Override
    public String toString() {
        return Table.number(median(), 3) + " (" + Table.number(Collections.min(seconds), 3) + " – "
                + Table.number(Collections.max(seconds), 3) + ")";
    }
}
