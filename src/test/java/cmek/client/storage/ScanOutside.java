package cmek.client.storage;

import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import cmek.fake.Sample;
import com.github.tomakehurst.wiremock.WireMockServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** One server in the place of Cloud Storage and Anthropic. */
public final class ScanOutside implements QuarkusTestResourceLifecycleManager {

    private final WireMockServer server =
            new WireMockServer(wireMockConfig().dynamicPort().bindAddress("127.0.0.1"));

    @Override
    public Map<String, String> start() {
        server.start();
        String url = "http://127.0.0.1:" + server.port();
        return Map.ofEntries(
                Map.entry("cmek.google.storage-url", url),
                Map.entry("cmek.anthropic.base-url", url),
                Map.entry("cmek.anthropic.organization-id", Sample.ORGANIZATION.value()),
                Map.entry("cmek.anthropic.admin-key", "no-secret"),
                Map.entry("cmek.google.project", "acme-cmek"),
                Map.entry("cmek.policy.allowed-workspaces", "*"),
                Map.entry("cmek.evidence.bucket", "acme-evidence"),
                Map.entry("cmek.evidence.reports-bucket", "acme-reports"),
                Map.entry("quarkus.http.test-port", "0"),
                Map.entry("quarkus.funqy.export", "scanKey"));
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
