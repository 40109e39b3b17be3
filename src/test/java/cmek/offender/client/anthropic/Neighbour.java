package cmek.offender.client.anthropic;

import cmek.offender.client.kms.Destroyer;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestFactory;
import com.google.cloud.pubsub.v1.TopicAdminClient;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.io.IOException;

/** A client that knows another one and Pub/Sub, and can delete. */
public interface Neighbour {

    @DELETE
    @Path("/v1/organizations/external_keys/{id}")
    void delete(@PathParam("id") String id);

    @POST
    @Path("/v1/{version}:disable")
    void disable();

    /** The same by hand, and knowing who is no business of its. */
    static HttpRequest byHand(HttpRequestFactory requests, GenericUrl url, Destroyer neighbour, TopicAdminClient topics)
            throws IOException {
        return requests.buildDeleteRequest(url);
    }
}
