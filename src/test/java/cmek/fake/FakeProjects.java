package cmek.fake;

import cmek.client.project.ServiceUsageClient;

/** Service Usage in memory. */
public final class FakeProjects implements ServiceUsageClient {

    private State kms = State.ENABLED;

    public FakeProjects withCloudKms(State state) {
        kms = state;
        return this;
    }

    @Override
    public State cloudKms(String project) {
        return kms;
    }
}
