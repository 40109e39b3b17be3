package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExternalSortTest {

    /** By its beginning alone, so that many are equal. */
    private static final Comparator<String> BY_BEGINNING =
            Comparator.comparing(text -> text.substring(0, text.indexOf('#')));

    /** From none over one run, and one and a bit, to more runs than are merged at once. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 499, 500, 501, 1_000, 4_321, 40_000})
    void itIsTheSameAsSortingThemAll(int size) {
        Random dice = new Random(size);
        List<String> values = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            values.add(dice.nextInt(1 + size / 4) + "#" + i);
        }

        Packed<String> sorted = ExternalSort.sorted(values, BY_BEGINNING);

        values.sort(BY_BEGINNING);
        assertThat(sorted).containsExactlyElementsOf(values);
    }

    @Test
    void whatIsAddedLaterIsSortedIn() {
        ExternalSort<String> sort = new ExternalSort<>(Comparator.naturalOrder());
        sort.add("b");
        assertThat(sort.sorted()).containsExactly("b");
        sort.add("c");
        sort.add("a");

        assertThat(sort.sorted()).containsExactly("a", "b", "c");
    }
}
