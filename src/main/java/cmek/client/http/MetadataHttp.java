package cmek.client.http;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.annotation.ClientHeaderParam;

/**
 * The metadata server of the machine that the function runs on. The header keeps a browser, or whoever can make us fetch
 * a URL, from asking it.
 *
 * @see <a href="https://cloud.google.com/run/docs/container-contract#metadata-server">Metadata server</a>
 */
@ClientHeaderParam(name = "Metadata-Flavor", value = "Google")
@Path("/computeMetadata/v1/instance/service-accounts/default")
interface MetadataHttp {

    @GET
    @Path("/identity")
    Response identity(@QueryParam("audience") String audience, @QueryParam("format") String format);
}
