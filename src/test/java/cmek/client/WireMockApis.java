package cmek.client;

import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One server in the place of Google Cloud and of Anthropic. */
public final class WireMockApis implements QuarkusTestResourceLifecycleManager {

    /** What the service knows of Anthropic's credential: a file's path. */
    static final String KEY_FILE = "cmek.anthropic.admin-key-file";

    private final WireMockServer server = new WireMockServer(wireMockConfig()
            .dynamicPort()
            .bindAddress("127.0.0.1")
            .containerThreads(64)
            .gzipDisabled(true)
            .jettyStopTimeout(100L));

    @Override
    public Map<String, String> start() {
        server.start();
        String url = "http://127.0.0.1:" + server.port();
        Map<String, String> settings = new HashMap<>();
        for (String apis :
                List.of("kms", "service-usage", "resource-manager", "org-policy", "iam", "pubsub", "storage")) {
            settings.put("cmek.google." + apis + "-url", url);
        }
        settings.put("cmek.anthropic.base-url", url);
        try {
            Path file = Files.createTempFile("admin-key", ".txt");
            file.toFile().deleteOnExit();
            settings.put(KEY_FILE, file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return settings;
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(server, new TestInjector.MatchesType(WireMockServer.class));
    }

    @Override
    public void stop() {
        server.stop();
    }
}
