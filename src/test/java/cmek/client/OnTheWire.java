package cmek.client;

import cmek.fake.Sample;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The service as it is, but that nothing is waited for between two attempts. */
public class OnTheWire implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "cmek.anthropic.organization-id", Sample.ORGANIZATION.value(),
                "cmek.google.project", "acme-cmek",
                "cmek.policy.allowed-workspaces", "*",
                "cmek.evidence.bucket", "acme-evidence",
                "cmek.policy.allowed-projects", "*",
                "quarkus.http.test-port", "0",
                "quarkus.funqy.export", "registerKey");
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(Hurry.class);
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(WireMockApis.class));
    }
}
