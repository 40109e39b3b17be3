package cmek.function;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.client.anthropic.AdminApi;
import cmek.client.kms.KeyManagement;
import cmek.client.pubsub.Topics;
import cmek.client.storage.EvidenceStorage;
import cmek.config.CmekConfig;
import cmek.fake.FakePolicies;
import cmek.fake.FakeProjects;
import cmek.fake.FakeResources;
import cmek.inspection.AuditLogInspection;
import cmek.inspection.KeyInspection;
import cmek.inspection.OrganizationPolicyInspection;
import cmek.inspection.PermissionInspection;
import cmek.inspection.RegistrationInspection;
import cmek.inspection.SideBySide;
import cmek.inspection.WorkspaceInspection;
import cmek.ledger.Ledger;
import cmek.onboarding.OrganizationId;
import cmek.onboarding.Policy;
import cmek.onboarding.Propagation;
import cmek.request.RequestReader;
import cmek.step.AttachWorkspace;
import cmek.step.CheckPrerequisites;
import cmek.step.CreateKey;
import cmek.step.CreateKeyRing;
import cmek.step.GrantAccess;
import cmek.step.RegisterKey;
import cmek.step.ValidateKey;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;

/** One running instance of the service: every door of the chain, the real ones, over whatever windows a test gives it. */
public final class Instance {

    private final Map<String, Consumer<CloudEvent>> doors = new TreeMap<>();

    /** Wired as the container wires it, reads one after another. */
    public Instance(
            AdminApi vendor,
            KeyManagement kms,
            EvidenceStorage storage,
            Topics topics,
            Clock clock,
            CmekConfig config,
            Policy policy,
            OrganizationId organization) {
        SideBySide reads = new SideBySide(Runnable::run);
        FakeResources resources = new FakeResources();
        KeyInspection keys = new KeyInspection(kms, policy, organization);
        WorkspaceInspection workspaces = new WorkspaceInspection(vendor);
        RegistrationInspection registrations = new RegistrationInspection(vendor);
        Propagation propagation = new Propagation(config.timing().propagationWindow(), clock);
        Ledger ledger = new Ledger(storage, clock);
        Door door = new Door(
                new Outbox(topics, new ResultLog(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8))),
                new Endings(ledger),
                new RequestReader(policy),
                clock,
                config);
        CheckPrerequisites prerequisites = new CheckPrerequisites(
                vendor,
                new FakeProjects(),
                kms,
                keys,
                workspaces,
                registrations,
                new PermissionInspection(resources, kms, keys, reads, organization),
                new OrganizationPolicyInspection(new FakePolicies(), resources, keys, reads),
                new AuditLogInspection(resources, reads, policy),
                reads,
                organization);
        doors.put("onboard", new OnboardFunction(door)::onboard);
        doors.put("checkPrerequisites", new CheckPrerequisitesFunction(door, prerequisites)::checkPrerequisites);
        doors.put(
                "createKeyRing", new CreateKeyRingFunction(door, new CreateKeyRing(kms, organization))::createKeyRing);
        doors.put("createKey", new CreateKeyFunction(door, new CreateKey(kms, keys, organization, clock))::createKey);
        doors.put("grantAccess", new GrantAccessFunction(door, new GrantAccess(kms, keys, clock))::grantAccess);
        doors.put(
                "registerKey",
                new RegisterKeyFunction(door, new RegisterKey(vendor, registrations, ledger))::registerKey);
        doors.put(
                "validateKey",
                new ValidateKeyFunction(door, new ValidateKey(vendor, keys, registrations, propagation))::validateKey);
        doors.put(
                "attachWorkspace",
                new AttachWorkspaceFunction(
                                door, new AttachWorkspace(vendor, workspaces, registrations, ledger, propagation))
                        ::attachWorkspace);
        doors.put("reportDeadLetter", event -> door.giveUp(event));
    }

    /** Hands an envelope of Pub/Sub to a function; it returns when the message may be acknowledged. */
    public void deliver(String function, String envelope) {
        CloudEvent event = CloudEventBuilder.v1()
                .withId("delivered")
                .withSource(URI.create("//pubsub.googleapis.com/simulated"))
                .withType("google.cloud.pubsub.topic.v1.messagePublished")
                .withData("application/json", envelope.getBytes(UTF_8))
                .build();
        Objects.requireNonNull(doors.get(function), function).accept(event);
    }
}
