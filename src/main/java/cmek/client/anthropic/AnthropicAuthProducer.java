package cmek.client.anthropic;

import cmek.client.http.GoogleAuth;
import cmek.client.http.RestClients;
import cmek.config.CmekConfig;
import cmek.model.OrganizationId;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Chooses the kind of authentication that is configured; the start-up check made sure that it is exactly one, and complete. */
final class AnthropicAuthProducer {

    @Produces
    @Singleton
    AnthropicAuth auth(
            CmekConfig config, GoogleAuth google, RestClients clients, OrganizationId organization, Clock clock) {
        CmekConfig.Federation federation = config.anthropic().federation();
        return federation.ruleId().isPresent()
                ? new FederatedAuth(
                        new TokenExchange(
                                google,
                                clients.client(
                                        TokenHttp.class, config.anthropic().baseUrl()),
                                federation,
                                organization,
                                clock),
                        clock)
                : new ApiKeyAuth(config);
    }
}
