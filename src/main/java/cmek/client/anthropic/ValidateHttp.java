package cmek.client.anthropic;

import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.annotation.ClientHeaderParam;

/** The Admin API's validation, which may take half a minute and therefore has a timeout of its own. */
@ClientHeaderParam(name = "anthropic-version", value = "2023-06-01")
@Consumes(MediaType.APPLICATION_JSON)
@Path("/v1/organizations")
interface ValidateHttp {

    @POST
    @Path("/external_keys/{id}/validate")
    Response validate(@BeanParam AuthHeaders credential, @PathParam("id") String id, String body);
}
