package cmek.client.project;

import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One server in the place of Resource Manager, IAM, Org Policy and Cloud KMS. */
public final class ProjectApis implements QuarkusTestResourceLifecycleManager {

    private final WireMockServer server =
            new WireMockServer(wireMockConfig().dynamicPort().bindAddress("127.0.0.1"));

    @Override
    public Map<String, String> start() {
        server.start();
        Map<String, String> settings = new HashMap<>();
        for (String apis : List.of("kms", "service-usage", "resource-manager", "org-policy", "iam", "pubsub")) {
            settings.put("cmek.google." + apis + "-url", "http://127.0.0.1:" + server.port());
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
