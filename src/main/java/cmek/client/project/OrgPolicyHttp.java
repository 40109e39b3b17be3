package cmek.client.project;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** The Organization Policy API, v2. */
@Path("/v2")
interface OrgPolicyHttp {

    @GET
    @Path("/projects/{project}/policies/{constraint}:getEffectivePolicy")
    Response getEffectivePolicy(
            @HeaderParam("authorization") @Nullable String authorization,
            @PathParam("project") String project,
            @PathParam("constraint") String constraint);
}
