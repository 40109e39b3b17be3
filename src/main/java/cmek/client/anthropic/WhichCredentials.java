package cmek.client.anthropic;

import cmek.client.transport.GoogleIdentity;
import cmek.config.CmekConfig;
import cmek.onboarding.OrganizationId;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** Takes the kind of credential that is configured; that it is one and whole was seen to when the function started. */
final class WhichCredentials {

    @Produces
    @Singleton
    Credentials credentials(
            CmekConfig config,
            GoogleIdentity identity,
            @RestClient TokenHttp http,
            OrganizationId organization,
            Clock clock) {
        CmekConfig.Federation federation = config.anthropic().federation();
        return federation.ruleId().isPresent()
                ? new Federation(new TokenExchange(identity, http, federation, organization, clock), clock)
                : new AdminKey(config);
    }
}
