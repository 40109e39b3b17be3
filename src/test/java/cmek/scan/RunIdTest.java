package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.fake.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunIdTest {

    @Test
    void theSameMessageIsTheSameNight() {
        assertThat(RunId.ofNight(Sample.NOW, "7421")).isEqualTo(RunId.ofNight(Sample.NOW, "7421"));
        assertThat(RunId.ofNight(Sample.NOW, "7421").value()).startsWith("night-20261123T020000Z-");
    }

    @Test
    void anotherMessageOfTheSameSecondIsAnotherNight() {
        assertThat(RunId.ofNight(Sample.NOW, "7422")).isNotEqualTo(RunId.ofNight(Sample.NOW, "7421"));
    }

    @Test
    void nightsSortByTime() {
        assertThat(RunId.ofNight(Sample.NOW, "9").value())
                .isLessThan(RunId.ofNight(Sample.NOW.plusSeconds(86_400), "1").value());
    }

    @Test
    void aChangeIsNoNight() {
        assertThat(RunId.ofChange(Sample.NOW, "entry").isNight()).isFalse();
        assertThat(RunId.ofNight(Sample.NOW, "entry").isNight()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "night-1",
                "night-20261123T020000Z-../../x",
                "x-20261123T020000Z-00000000",
                "night-20261123T020000Z-0000000g"
            })
    void whatCouldLeadElsewhereInTheBucketIsRefused(String text) {
        assertThatThrownBy(() -> new RunId(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
