package cmek.client.anthropic;

import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.annotation.ClientHeaderParam;
import org.jspecify.annotations.Nullable;

/** The Admin API's calls that answer quickly. */
@ClientHeaderParam(name = "anthropic-version", value = "2023-06-01")
@Consumes(MediaType.APPLICATION_JSON)
@Path("/v1/organizations")
interface AdminHttp {

    @GET
    @Path("/me")
    Response organization(@BeanParam AuthHeaders credential);

    @GET
    @Path("/external_keys")
    Response externalKeys(
            @BeanParam AuthHeaders credential,
            @QueryParam("limit") int limit,
            @QueryParam("page") @Nullable String page);

    @POST
    @Path("/external_keys")
    Response createExternalKey(@BeanParam AuthHeaders credential, String body);

    @GET
    @Path("/external_keys/{id}")
    Response externalKey(@BeanParam AuthHeaders credential, @PathParam("id") String id);

    @GET
    @Path("/workspaces")
    Response workspaces(
            @BeanParam AuthHeaders credential,
            @QueryParam("limit") int limit,
            @QueryParam("include_archived") boolean archived,
            @QueryParam("include_default") boolean byDefault,
            @QueryParam("after_id") @Nullable String after);

    @GET
    @Path("/workspaces/{id}")
    Response workspace(@BeanParam AuthHeaders credential, @PathParam("id") String id);

    @POST
    @Path("/workspaces/{id}")
    Response attach(@BeanParam AuthHeaders credential, @PathParam("id") String id, String body);
}
