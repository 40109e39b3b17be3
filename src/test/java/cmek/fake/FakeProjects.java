package cmek.fake;

import cmek.client.project.ProjectServices;

/** Service Usage in memory. */
public final class FakeProjects implements ProjectServices {

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
