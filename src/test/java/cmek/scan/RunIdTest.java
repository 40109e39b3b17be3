package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.fake.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunIdTest {

    @Test
    void theSameMessageIsTheSameScan() {
        assertThat(RunId.ofScan(Sample.NOW, "7421")).isEqualTo(RunId.ofScan(Sample.NOW, "7421"));
        assertThat(RunId.ofScan(Sample.NOW, "7421").value()).startsWith("scan-20261123T020000Z-");
    }

    @Test
    void anotherMessageOfTheSameSecondIsAnotherScan() {
        assertThat(RunId.ofScan(Sample.NOW, "7422")).isNotEqualTo(RunId.ofScan(Sample.NOW, "7421"));
    }

    @Test
    void scansSortByTime() {
        assertThat(RunId.ofScan(Sample.NOW, "9").value())
                .isLessThan(RunId.ofScan(Sample.NOW.plusSeconds(86_400), "1").value());
    }

    @Test
    void aChangeIsNoScan() {
        assertThat(RunId.ofChange(Sample.NOW, "entry").isScan()).isFalse();
        assertThat(RunId.ofScan(Sample.NOW, "entry").isScan()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "scan-1",
                "scan-20261123T020000Z-../../x",
                "x-20261123T020000Z-00000000",
                "scan-20261123T020000Z-0000000g"
            })
    void whatCouldLeadElsewhereInTheBucketIsRefused(String text) {
        assertThatThrownBy(() -> new RunId(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
