package cmek.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceInfoTest {

    @Test
    void withoutAUrlADocumentIsAPathInTheRepository() {
        assertThat(new ServiceInfo("1.2.3", Optional.empty()).locate("docs/reasons.md#expired"))
                .isEqualTo("docs/reasons.md#expired");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://git.example.com/blob/main", "https://git.example.com/blob/main/"})
    void withAUrlItIsALink(String url) {
        assertThat(new ServiceInfo("1.2.3", Optional.of(URI.create(url))).locate("docs/reasons.md#expired"))
                .isEqualTo("https://git.example.com/blob/main/docs/reasons.md#expired");
    }
}
