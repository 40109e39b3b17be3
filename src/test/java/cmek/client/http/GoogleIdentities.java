package cmek.client.http;

import cmek.simulator.Simulator;

/** The function's identity over a simulator in the same process. */
public final class GoogleIdentities {

    private GoogleIdentities() {}

    public static GoogleIdentity over(Simulator metadata) {
        return new GoogleIdentity(InProcess.client(MetadataHttp.class, metadata));
    }
}
