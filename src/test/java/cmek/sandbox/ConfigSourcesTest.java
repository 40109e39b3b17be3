package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;

/** Whoever can lay a file beside the process configures nothing. */
@QuarkusTest
@TestProfile(InTheSandbox.class)
class ConfigSourcesTest {

    @Test
    void noFileIsASourceOfSettings() {
        assertThat(StreamSupport.stream(
                                ConfigProvider.getConfig().getConfigSources().spliterator(), false)
                        .map(ConfigSource::getName))
                .contains("EnvConfigSource", "SysPropConfigSource")
                .noneMatch(name -> name.contains(".properties") || name.contains(".env") || name.contains("file:"));
    }
}
