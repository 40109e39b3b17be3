package cmek.client.anthropic;

import cmek.client.http.InProcess;
import cmek.client.http.Retry;
import cmek.config.CmekConfig;
import cmek.model.OrganizationId;
import cmek.simulator.Simulator;

/** Anthropic's client over a simulator in the same process. */
public final class AdminApis {

    private AdminApis() {}

    public static AdminApi over(Simulator wire, Retry retry, CmekConfig config, OrganizationId organization) {
        return new HttpAdminApi(
                InProcess.client(AdminHttp.class, wire),
                InProcess.client(ValidateHttp.class, wire),
                new ApiKeyAuth(config),
                retry,
                config,
                organization);
    }
}
