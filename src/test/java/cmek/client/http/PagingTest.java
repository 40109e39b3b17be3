package cmek.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.finding.TransientException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;

class PagingTest {

    private final Paging pages = new Paging("ListObjects");

    @ParameterizedTest
    @NullAndEmptySource
    void aPageWithoutATokenIsTheLast(String token) {
        assertThat(pages.goesOn(token, 0)).isFalse();
    }

    @Test
    void anEmptyPageMayBeFollowedByOthers() {
        assertThat(pages.goesOn("a", 0)).isTrue();
        assertThat(pages.goesOn("b", 0)).isTrue();
    }

    @Test
    void anItemOnTwoPagesIsOneItem() {
        assertThat(pages.isNew("one")).isTrue();
        assertThat(pages.isNew("two")).isTrue();
        assertThat(pages.goesOn("a", 2)).isTrue();
        assertThat(pages.isNew("two")).isFalse();
        assertThat(pages.isNew("three")).isTrue();
        assertThat(pages.goesOn("b", 2)).isTrue();
    }

    @Test
    void aTokenSeenBeforeNeverEnds() {
        pages.goesOn("a", 0);
        pages.goesOn("b", 0);

        assertThatThrownBy(() -> pages.goesOn("a", 0)).isInstanceOf(TransientException.class);
    }

    @Test
    void aPageOfItemsSeenBeforeNeverEnds() {
        pages.isNew("one");
        pages.goesOn("a", 1);
        pages.isNew("one");

        assertThatThrownBy(() -> pages.goesOn("b", 1))
                .isInstanceOf(TransientException.class)
                .hasMessage("ListObjects was answered with a list that does not end");
    }

    @Test
    void thereAreNoMorePagesThanALimit() {
        for (int i = 1; i < Paging.PAGES_AT_MOST; i++) {
            pages.isNew(i);
            pages.goesOn("page " + i, 1);
        }
        pages.isNew("last");

        assertThatThrownBy(() -> pages.goesOn("one more", 1)).isInstanceOf(TransientException.class);
    }

    @Test
    void noPageIsReadWhenTheTimeIsUsedUp() {
        assertThatThrownBy(() -> Deadline.within(Duration.ZERO, () -> pages.goesOn("a", 0)))
                .hasMessage("ListObjects has more pages than the time of the event allows");
    }
}
