package cmek.offender.client.anthropic;

import cmek.offender.client.kms.Destroyer;
import com.google.cloud.pubsub.v1.TopicAdminClient;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

/** A window that knows another one and Pub/Sub, and can delete. */
public interface Neighbour {

    @DELETE
    @Path("/v1/organizations/external_keys/{id}")
    void delete(Destroyer neighbour, TopicAdminClient topics);

    @POST
    @Path("/v1/{version}:disable")
    void disable();
}
