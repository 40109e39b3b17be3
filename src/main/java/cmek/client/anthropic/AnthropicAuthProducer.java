package cmek.client.anthropic;

import cmek.client.http.GoogleIdentity;
import cmek.client.http.RestClients;
import cmek.config.CmekConfig;
import cmek.model.OrganizationId;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Takes the kind of credential that is configured; that it is one and whole was seen to when the function started. */
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
