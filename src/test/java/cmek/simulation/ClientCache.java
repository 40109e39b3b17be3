package cmek.simulation;

import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.AdminApiInProcess;
import cmek.client.http.Retry;
import cmek.client.kms.KeyManagement;
import cmek.client.kms.KeyManagements;
import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.StorageInProcess;
import cmek.config.CmekConfig;
import cmek.config.Configs;
import cmek.fake.Sample;
import cmek.simulator.AdminSimulator;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The real clients, made once and used by one simulation after another: making Google's takes longer than a whole
 * simulation.
 */
final class ClientCache {

    static final CmekConfig CONFIG = config("PT24H");

    final AdminApi anthropic;
    final KeyManagement kms;
    final EvidenceStorage storage;
    private @Nullable Simulation current;

    ClientCache() {
        Retry retry = new Retry(wait -> current().pause(wait), () -> current().chance());
        anthropic = AdminApiInProcess.over(call -> current().anthropic(call), retry, CONFIG);
        kms = KeyManagements.over(call -> current().kms(call), retry, CONFIG);
        storage = StorageInProcess.over(call -> current().storage(call), retry);
    }

    static CmekConfig config(String maxAge) {
        return Configs.of(Map.of(
                "cmek.anthropic.admin-key",
                AdminSimulator.TEST_ADMIN_KEY,
                "cmek.anthropic.organization-id",
                Sample.ORGANIZATION.value(),
                "cmek.google.kms-url",
                "http://kms.invalid",
                "cmek.google.project",
                "cmek-simulation",
                "cmek.timing.max-age",
                maxAge));
    }

    void open(Simulation simulation) {
        current = simulation;
    }

    private Simulation current() {
        return Objects.requireNonNull(current);
    }
}
