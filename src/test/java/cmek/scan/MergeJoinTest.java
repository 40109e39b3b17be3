package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class MergeJoinTest {

    @Test
    void eachKeyIsSeenOnceWithAllThatHaveIt() {
        assertThat(joined(List.of("a1", "b1", "b2", "d1"), List.of("a3", "c3", "d3", "d4", "e3")))
                .containsExactly("[a1][a3]", "[b1, b2][]", "[][c3]", "[d1][d3, d4]", "[][e3]");
    }

    @Test
    void withNothingOnOneSideOrOnBothItIsTheOther() {
        assertThat(joined(List.of(), List.of())).isEmpty();
        assertThat(joined(List.of("a1"), List.of())).containsExactly("[a1][]");
        assertThat(joined(List.of(), List.of("a1", "b1"))).containsExactly("[][a1]", "[][b1]");
    }

    @Test
    void neighboursOfOneKeyAreAGroup() {
        List<String> groups = new ArrayList<>();

        MergeJoin.groups(List.of("a1", "a2", "b1"), MergeJoinTest::key, group -> groups.add(group.toString()));

        assertThat(groups).containsExactly("[a1, a2]", "[b1]");
    }

    @Test
    void whatIsNotInOrderIsNoGround() {
        assertThatThrownBy(() -> joined(List.of("b1", "a1"), List.of("b2"))).hasMessage("not in order: a after b");
        assertThatThrownBy(() -> joined(List.of("b1"), List.of("b2", "a2")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> joined(List<String> left, List<String> right) {
        List<String> seen = new ArrayList<>();
        Function<String, String> key = MergeJoinTest::key;
        MergeJoin.join(left, key, right, key, (lefts, rights) -> seen.add(lefts + "" + rights));
        return seen;
    }

    private static String key(String value) {
        return value.substring(0, 1);
    }
}
