package cmek.simulator;

import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Everything outside of the service, on loopback sockets and with one journal: Google Cloud's APIs and the vendor's. What
 * one of them does is seen by the others, as it is outside: the vendor's validation goes through this world's Cloud KMS.
 */
public final class World implements AutoCloseable {

    /** The organization that this world's vendor knows. */
    public static final String ORGANIZATION = "3f9a1c52-7b8e-4d21-9c60-5a4e8f2b7d13";

    /** The project that the service's topics live in. */
    public static final String PROJECT = "cmek-sandbox";

    private final Journal journal = new Journal();
    private final KmsSimulator kms;
    private final AdminSimulator admin;
    private final ServiceUsageSimulator serviceUsage;
    private final ResourceManagerSimulator resourceManager;
    private final OrgPolicySimulator orgPolicy;
    private final Gate kmsGate;
    private final Gate adminGate;
    private final SimulatorServer kmsServer;
    private final SimulatorServer adminServer;
    private final SimulatorServer serviceUsageServer;
    private final SimulatorServer resourceManagerServer;
    private final SimulatorServer orgPolicyServer;

    private World(InstantSource clock) {
        kms = new KmsSimulator(journal, clock);
        // The vendor's way to Cloud KMS is not ours: what stands before us does not stand before it.
        admin = new AdminSimulator(journal, clock, ORGANIZATION, kms);
        serviceUsage = new ServiceUsageSimulator(journal);
        resourceManager = new ResourceManagerSimulator(journal);
        orgPolicy = new OrgPolicySimulator(journal);
        kmsGate = new Gate(kms);
        adminGate = new Gate(admin);
        kmsServer = SimulatorServer.start(kmsGate);
        adminServer = SimulatorServer.start(adminGate);
        serviceUsageServer = SimulatorServer.start(serviceUsage);
        resourceManagerServer = SimulatorServer.start(resourceManager);
        orgPolicyServer = SimulatorServer.start(orgPolicy);
    }

    /** Starts a world in which everything is as the guide wants it and nothing has been onboarded. */
    public static World start(InstantSource clock) {
        return new World(clock);
    }

    /** A project in a folder of an organization, in which everything is as the guide's prerequisites want it. */
    public World withProject(String id) {
        serviceUsage.enable(id);
        resourceManager
                .withOrganization("700000000001")
                .withFolder("800000000001", "organizations/700000000001")
                .withProject(id, "folders/800000000001")
                .audit("projects/" + id, "cloudkms.googleapis.com", "DATA_READ", "DATA_WRITE");
        return this;
    }

    public Journal journal() {
        return journal;
    }

    public KmsSimulator kms() {
        return kms;
    }

    public AdminSimulator admin() {
        return admin;
    }

    public ServiceUsageSimulator serviceUsage() {
        return serviceUsage;
    }

    public ResourceManagerSimulator resourceManager() {
        return resourceManager;
    }

    public OrgPolicySimulator orgPolicy() {
        return orgPolicy;
    }

    /** What stands between the service and Cloud KMS. */
    public Gate kmsGate() {
        return kmsGate;
    }

    /** What stands between the service and the vendor. */
    public Gate adminGate() {
        return adminGate;
    }

    /** Where Cloud KMS is, for {@code gcloud}. */
    public URI kmsUrl() {
        return kmsServer.url();
    }

    /** The settings of a service that lives in this world, by property. */
    public Map<String, String> settings() {
        return Map.ofEntries(
                Map.entry("cmek.anthropic.organization-id", ORGANIZATION),
                Map.entry("cmek.anthropic.admin-key", AdminSimulator.TEST_ADMIN_KEY),
                Map.entry("cmek.anthropic.base-url", adminServer.url().toString()),
                Map.entry("cmek.google.project", PROJECT),
                Map.entry("cmek.google.kms-url", kmsServer.url().toString()),
                Map.entry(
                        "cmek.google.service-usage-url",
                        serviceUsageServer.url().toString()),
                Map.entry(
                        "cmek.google.resource-manager-url",
                        resourceManagerServer.url().toString()),
                Map.entry("cmek.google.org-policy-url", orgPolicyServer.url().toString()),
                Map.entry("cmek.policy.allowed-projects", "acme-*"));
    }

    @Override
    public void close() {
        List.of(kmsServer, adminServer, serviceUsageServer, resourceManagerServer, orgPolicyServer)
                .forEach(SimulatorServer::close);
    }
}
