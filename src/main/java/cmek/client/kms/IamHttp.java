package cmek.client.kms;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/**
 * The IAM calls on a crypto key or key ring. Google's client drops the requested policy version on its way over HTTP,
 * and a policy that is read in version 1 comes without its conditions and would be written back without them.
 */
@Path("/v1")
interface IamHttp {

    @GET
    @Path("/{key}:getIamPolicy")
    Response getIamPolicy(
            @HeaderParam("authorization") @Nullable String authorization,
            @PathParam("key") @Encoded String key,
            @QueryParam("options.requestedPolicyVersion") int version);

    @GET
    @Path("/{ring}:getIamPolicy")
    Response getKeyRingIamPolicy(
            @HeaderParam("authorization") @Nullable String authorization,
            @PathParam("ring") @Encoded String ring,
            @QueryParam("options.requestedPolicyVersion") int version);

    @POST
    @Path("/{key}:setIamPolicy")
    @Consumes(MediaType.APPLICATION_JSON)
    Response setIamPolicy(
            @HeaderParam("authorization") @Nullable String authorization,
            @PathParam("key") @Encoded String key,
            String body);

    @POST
    @Path("/{resource}:testIamPermissions")
    @Consumes(MediaType.APPLICATION_JSON)
    Response testIamPermissions(
            @HeaderParam("authorization") @Nullable String authorization,
            @PathParam("resource") @Encoded String resource,
            String body);
}
