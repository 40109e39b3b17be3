package cmek.client.project;

import cmek.client.http.Retry;
import cmek.fake.Sample;
import io.quarkus.test.junit.QuarkusTestProfile;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The service as it is, but for the outside APIs and the waiting between two attempts. */
public final class ProjectOnTheWire implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "cmek.anthropic.organization-id", Sample.ORGANIZATION.value(),
                "cmek.google.project", "acme-cmek",
                "cmek.policy.allowed-workspaces", "*",
                "quarkus.http.test-port", "0",
                "cmek.host.serves", "createKeyRing");
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(AtOnce.class);
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(ProjectApis.class));
    }

    /** Tries again without waiting. */
    @Alternative
    @Singleton
    public static class AtOnce {

        @Produces
        @Singleton
        Retry retry() {
            return new Retry(duration -> {}, () -> 0.5);
        }
    }
}
