package cmek.client.project;

import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** The IAM API, v1; a role is {@code projects/P/roles/R} or {@code organizations/O/roles/R}. */
@Path("/v1")
interface IamRolesHttp {

    @GET
    @Path("/{role}")
    Response get(@HeaderParam("authorization") @Nullable String authorization, @PathParam("role") @Encoded String role);
}
