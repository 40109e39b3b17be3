package cmek.client.project;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** The Service Usage API, v1. */
@Path("/v1")
interface ServiceUsageHttp {

    @GET
    @Path("/projects/{project}/services/{service}")
    Response get(
            @HeaderParam("authorization") @Nullable String authorization,
            @PathParam("project") String project,
            @PathParam("service") String service);
}
