package cmek.config;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;

/** The settings as a container would read them, from nothing but what a test says. */
public final class Configs {

    private Configs() {}

    /** From properties, as in a file. */
    public static CmekConfig of(Map<String, String> properties) {
        return builder()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(CmekConfig.class);
    }

    /** From environment variables. */
    static CmekConfig ofEnvironment(Map<String, String> environment) {
        return builder()
                .withSources(new EnvConfigSource(environment, 300))
                .build()
                .getConfigMapping(CmekConfig.class);
    }

    /** Why a function would not start with these environment variables; empty when it would. */
    public static List<String> startUpFaults(Map<String, String> environment) {
        return new StartUp(ofEnvironment(environment), environment.keySet()).faults();
    }

    private static SmallRyeConfigBuilder builder() {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(CmekConfig.class);
    }
}
