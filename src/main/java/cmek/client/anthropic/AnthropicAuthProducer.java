package cmek.client.anthropic;

import cmek.client.http.GoogleIdentity;
import cmek.client.http.RestClients;
import cmek.config.CmekConfig;
import cmek.model.OrganizationId;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Chooses the kind of credential that is configured; that there is exactly one, complete, was checked at start-up. */
final class AnthropicAuthProducer {

    @Produces
    @Singleton
    AnthropicAuth credentials(
            CmekConfig config, GoogleIdentity identity, RestClients clients, OrganizationId organization, Clock clock) {
        CmekConfig.Federation federation = config.anthropic().federation();
        return federation.ruleId().isPresent()
                ? new FederatedAuth(
                        new TokenExchange(
                                identity,
                                clients.client(
                                        TokenHttp.class, config.anthropic().baseUrl()),
                                federation,
                                organization,
                                clock),
                        clock)
                : new ApiKeyAuth(config);
    }
}
