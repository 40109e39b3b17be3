package cmek.client.project;

import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** The policies of the IAM API, v2; an attachment point is a resource's full name, encoded as one segment of the path. */
@Path("/v2/policies")
interface DenyPolicyHttp {

    @GET
    @Path("/{attachmentPoint}/denypolicies")
    Response list(
            @HeaderParam("authorization") @Nullable String authorization,
            @PathParam("attachmentPoint") @Encoded String attachmentPoint,
            @QueryParam("pageSize") int pageSize,
            @QueryParam("pageToken") @Nullable String pageToken);

    @GET
    @Path("/{attachmentPoint}/denypolicies/{id}")
    Response get(
            @HeaderParam("authorization") @Nullable String authorization,
            @PathParam("attachmentPoint") @Encoded String attachmentPoint,
            @PathParam("id") String id);
}
