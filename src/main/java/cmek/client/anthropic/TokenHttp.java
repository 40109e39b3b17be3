package cmek.client.anthropic;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.annotation.ClientHeaderParam;

/**
 * Anthropic's token endpoint, to which no other credential is sent. The beta header is the one that Anthropic's clients
 * send.
 */
@ClientHeaderParam(name = "anthropic-beta", value = "oauth-2025-04-20,oidc-federation-2026-04-01")
@Consumes(MediaType.APPLICATION_JSON)
@Path("/v1/oauth")
interface TokenHttp {

    @POST
    @Path("/token")
    Response exchange(byte[] body);
}
