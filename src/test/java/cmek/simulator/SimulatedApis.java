package cmek.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything outside of the service, on loopback sockets and with one journal: Google Cloud's APIs and Anthropic's. What
 * one of them does is seen by the others, as it is outside: Anthropic's validation goes through this APIs's Cloud KMS.
 */
public final class SimulatedApis implements AutoCloseable {

    /** The organization that this APIs's Anthropic knows. */
    public static final String ORGANIZATION = "3f9a1c52-7b8e-4d21-9c60-5a4e8f2b7d13";

    /** The project that the service's topics live in. */
    public static final String PROJECT = "cmek-sandbox";

    /** The bucket that the service keeps its evidence in. */
    public static final String BUCKET = "cmek-sandbox-cmek-evidence";

    private final Journal journal = new Journal();
    private final KmsSimulator kms;
    private final AdminSimulator admin;
    private final ServiceUsageSimulator serviceUsage;
    private final ResourceManagerSimulator resourceManager;
    private final IamRolesSimulator iamRoles;
    private final OrgPolicySimulator orgPolicy;
    private final DenyPolicySimulator denyPolicies;
    private final CloudStorageSimulator storage;
    private final MetadataSimulator metadata;
    private final TokenSimulator tokens;
    private final Gate kmsGate;
    private final Gate adminGate;
    private final Gate serviceUsageGate;
    private final Gate resourceManagerGate;
    private final Gate iamGate;
    private final Gate orgPolicyGate;
    private final Gate storageGate;
    private final Gate metadataGate;
    private final Gate tokenGate;
    private final SimulatorServer kmsServer;
    private final SimulatorServer adminServer;
    private final SimulatorServer serviceUsageServer;
    private final SimulatorServer resourceManagerServer;
    private final SimulatorServer iamServer;
    private final SimulatorServer orgPolicyServer;
    private final SimulatorServer storageServer;
    private final SimulatorServer metadataServer;

    private SimulatedApis(InstantSource clock) {
        kms = new KmsSimulator(journal, clock);
        // Anthropic's way to Cloud KMS is not ours: what stands before us does not stand before it.
        admin = new AdminSimulator(journal, clock, ORGANIZATION, kms);
        metadata = new MetadataSimulator(journal, clock);
        tokens = new TokenSimulator(journal, clock, ORGANIZATION, metadata::publicKey);
        admin.withTokens(tokens::isGood);
        serviceUsage = new ServiceUsageSimulator(journal);
        resourceManager = new ResourceManagerSimulator(journal);
        iamRoles = new IamRolesSimulator(journal);
        orgPolicy = new OrgPolicySimulator(journal).thereWhere(resourceManager::isThere);
        denyPolicies = new DenyPolicySimulator(journal);
        storage = new CloudStorageSimulator(journal, clock).withBucket(BUCKET);
        kms.disabledWhere(project -> serviceUsage.isDisabled(project, "cloudkms.googleapis.com"))
                .thereWhere(resourceManager::isThere)
                .shutDownWhere(resourceManager::isShutDown)
                .withCustomRoles(iamRoles::isThere)
                .restrictedBy(orgPolicy::keepingOut)
                .deniedBy(denyPolicies::denies)
                .inheriting(resourceManager::policiesFrom);
        kmsGate = new Gate(kms);
        adminGate = new Gate(admin);
        serviceUsageGate = new Gate(serviceUsage);
        resourceManagerGate = new Gate(resourceManager);
        iamGate = new Gate(call -> call.path().startsWith("/v2/") ? denyPolicies.answer(call) : iamRoles.answer(call));
        orgPolicyGate = new Gate(orgPolicy);
        storageGate = new Gate(storage);
        metadataGate = new Gate(metadata);
        tokenGate = new Gate(tokens);
        kmsServer = SimulatorServer.start(kmsGate);
        adminServer = SimulatorServer.start(anthropic());
        serviceUsageServer = SimulatorServer.start(serviceUsageGate);
        resourceManagerServer = SimulatorServer.start(resourceManagerGate);
        iamServer = SimulatorServer.start(iamGate);
        orgPolicyServer = SimulatorServer.start(orgPolicyGate);
        storageServer = SimulatorServer.start(storageGate);
        metadataServer = SimulatorServer.start(metadataGate);
    }

    /** Starts a APIs in which everything is as the guide wants it and nothing has been onboarded. */
    public static SimulatedApis start(InstantSource clock) {
        return new SimulatedApis(clock);
    }

    /** Anthropic as the service reaches it: its two services are at one address. */
    public Simulator anthropic() {
        return call -> (call.path().equals(TokenSimulator.PATH) ? tokenGate : adminGate).answer(call);
    }

    /** A project in a folder of an organization, in which everything is as the guide's prerequisites want it. */
    public SimulatedApis withProject(String id) {
        serviceUsage.enable(id);
        resourceManager
                .withOrganization("700000000001")
                .withFolder("800000000001", "organizations/700000000001")
                .withProject(id, "folders/800000000001")
                .audit("projects/" + id, "cloudkms.googleapis.com", "DATA_READ", "DATA_WRITE");
        return this;
    }

    /**
     * A key ring and a key in it that somebody made.
     *
     * @param key the full resource name
     * @param body of the create, as in the API
     * @param withVersion whether it gets a first version, as by default
     */
    public SimulatedApis withKey(String key, String body, boolean withVersion) {
        String ring = key.substring(0, key.indexOf("/cryptoKeys/"));
        withKeyRing(ring);
        made(
                ring + "/cryptoKeys?cryptoKeyId=" + key.substring(key.lastIndexOf('/') + 1)
                        + "&skipInitialVersionCreation=" + !withVersion,
                body);
        return this;
    }

    /** A key ring that somebody made, now or before. */
    public SimulatedApis withKeyRing(String ring) {
        Reply reply = posted(
                ring.substring(0, ring.lastIndexOf('/')) + "?keyRingId=" + ring.substring(ring.lastIndexOf('/') + 1),
                "{}");
        if (reply.status() != 200 && reply.status() != 409) {
            throw new IllegalStateException(reply.text());
        }
        return this;
    }

    /** A key that somebody made as the guide wants it, with the label and both bindings. */
    public SimulatedApis withReadyKey(String key) {
        withKey(key, """
                {"purpose":"ENCRYPT_DECRYPT","versionTemplate":{"protectionLevel":"HSM"},
                 "labels":{"team":"payments","anthropic-org-%s":"true"}}
                """.formatted(ORGANIZATION), true);
        ObjectNode policy = JsonNodeFactory.instance.objectNode();
        for (String role : List.of("roles/cloudkms.cryptoKeyEncrypterDecrypter", "roles/cloudkms.viewer")) {
            policy.withArray("bindings")
                    .addObject()
                    .put("role", role)
                    .putArray("members")
                    .add(KeyRoundTrip.PRINCIPAL);
        }
        kms.setPolicy(key, policy);
        return this;
    }

    private void made(String target, String body) {
        Reply reply = posted(target, body);
        if (reply.status() != 200) {
            throw new IllegalStateException(reply.text());
        }
    }

    private Reply posted(String target, String body) {
        return kms.answer(Call.of(
                "POST", URI.create("http://kms/v1/" + target), Map.of(), body.getBytes(StandardCharsets.UTF_8)));
    }

    /** Everything between the service and its APIs is as it should be, and no call was noted. */
    public void begin() {
        gates().forEach(Gate::open);
        journal.clear();
    }

    /** What stands before each of the APIs. */
    public List<Gate> gates() {
        return List.of(
                kmsGate,
                adminGate,
                serviceUsageGate,
                resourceManagerGate,
                iamGate,
                orgPolicyGate,
                storageGate,
                metadataGate,
                tokenGate);
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

    public IamRolesSimulator iamRoles() {
        return iamRoles;
    }

    public OrgPolicySimulator orgPolicy() {
        return orgPolicy;
    }

    public DenyPolicySimulator denyPolicies() {
        return denyPolicies;
    }

    public CloudStorageSimulator storage() {
        return storage;
    }

    public MetadataSimulator metadata() {
        return metadata;
    }

    public TokenSimulator tokens() {
        return tokens;
    }

    /** What stands between the service and the metadata server of its machine. */
    public Gate metadataGate() {
        return metadataGate;
    }

    /** What stands between the service and Anthropic's token endpoint. */
    public Gate tokenGate() {
        return tokenGate;
    }

    /** What stands between the service and Cloud KMS. */
    public Gate kmsGate() {
        return kmsGate;
    }

    /** What stands between the service and Anthropic. */
    public Gate adminGate() {
        return adminGate;
    }

    public Gate serviceUsageGate() {
        return serviceUsageGate;
    }

    public Gate resourceManagerGate() {
        return resourceManagerGate;
    }

    public Gate iamGate() {
        return iamGate;
    }

    public Gate orgPolicyGate() {
        return orgPolicyGate;
    }

    public Gate storageGate() {
        return storageGate;
    }

    /** Where each of Google's APIs is, by the name that {@code gcloud} has for it. */
    public Map<String, URI> googleUrls() {
        return Map.of(
                "cloudkms", kmsServer.url(),
                "serviceusage", serviceUsageServer.url(),
                "cloudresourcemanager", resourceManagerServer.url(),
                "iam", iamServer.url(),
                "orgpolicy", orgPolicyServer.url(),
                "storage", storageServer.url());
    }

    /** Where Anthropic is. */
    public URI anthropicUrl() {
        return adminServer.url();
    }

    /** The settings of a service that lives in this APIs, by property. */
    public Map<String, String> settings() {
        return Map.ofEntries(
                Map.entry("cmek.anthropic.organization-id", ORGANIZATION),
                Map.entry("cmek.anthropic.admin-key", AdminSimulator.TEST_ADMIN_KEY),
                Map.entry("cmek.anthropic.base-url", anthropicUrl().toString()),
                Map.entry("cmek.google.project", PROJECT),
                Map.entry("cmek.google.kms-url", kmsServer.url().toString()),
                Map.entry(
                        "cmek.google.service-usage-url",
                        serviceUsageServer.url().toString()),
                Map.entry(
                        "cmek.google.resource-manager-url",
                        resourceManagerServer.url().toString()),
                Map.entry("cmek.google.iam-url", iamServer.url().toString()),
                Map.entry("cmek.google.org-policy-url", orgPolicyServer.url().toString()),
                Map.entry("cmek.google.storage-url", storageServer.url().toString()),
                Map.entry("cmek.evidence.bucket", BUCKET),
                Map.entry("cmek.policy.allowed-projects", "acme-*"),
                Map.entry("cmek.policy.allowed-workspaces", "wrkspc_01*"));
    }

    /** The same without any key: the service shows its Google identity. */
    public Map<String, String> keylessSettings() {
        Map<String, String> keyless = new HashMap<>(settings());
        keyless.remove("cmek.anthropic.admin-key");
        keyless.put("cmek.anthropic.federation.rule-id", TokenSimulator.RULE);
        keyless.put("cmek.anthropic.federation.service-account-id", TokenSimulator.SERVICE_ACCOUNT);
        keyless.put("cmek.google.metadata-url", metadataServer.url().toString());
        return keyless;
    }

    @Override
    public void close() {
        List.of(
                        kmsServer,
                        adminServer,
                        serviceUsageServer,
                        resourceManagerServer,
                        iamServer,
                        orgPolicyServer,
                        storageServer,
                        metadataServer)
                .forEach(SimulatorServer::close);
    }
}
