package cmek.client.project;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** The Resource Manager API, v3; a resource is {@code projects/P}, {@code folders/F} or {@code organizations/O}. */
@Path("/v3")
interface ResourceManagerHttp {

    @GET
    @Path("/{resource}")
    Response get(
            @HeaderParam("authorization") @Nullable String authorization,
            @PathParam("resource") @Encoded String resource);

    @POST
    @Path("/{resource}:getIamPolicy")
    @Consumes(MediaType.APPLICATION_JSON)
    Response getIamPolicy(
            @HeaderParam("authorization") @Nullable String authorization,
            @PathParam("resource") @Encoded String resource,
            String body);

    @POST
    @Path("/{resource}:testIamPermissions")
    @Consumes(MediaType.APPLICATION_JSON)
    Response testIamPermissions(
            @HeaderParam("authorization") @Nullable String authorization,
            @PathParam("resource") @Encoded String resource,
            String body);
}
