package cmek.simulator;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs the service against a simulated Cloud KMS on a loopback socket; tests find its URL in the configuration. */
public final class SimulatedKms implements QuarkusTestResourceLifecycleManager {

    private @Nullable SimulatorServer server;

    @Override
    public Map<String, String> start() {
        SimulatorServer started = SimulatorServer.start(
                new KmsSimulator(new Journal(), InstantSource.fixed(Instant.parse("2026-11-24T08:00:00Z"))));
        server = started;
        return Map.of(
                "cmek.google.kms-url", started.url().toString(),
                "cmek.google.project", "acme-cmek",
                "cmek.policy.allowed-workspaces", "*",
                "cmek.anthropic.organization-id", "6f1e8a52-3c0b-4d8e-9a6f-0b5d7c1e2a34",
                "cmek.anthropic.base-url", "http://127.0.0.1:9",
                "cmek.anthropic.admin-key", "unused",
                "quarkus.funqy.export", "createKey",
                "quarkus.http.test-port", "0");
    }

    @Override
    public void stop() {
        if (server != null) {
            server.close();
        }
    }
}
