package cmek.function;

import cmek.check.AuditLogCheck;
import cmek.check.KeyInspection;
import cmek.check.OrganizationPolicyCheck;
import cmek.check.ParallelReads;
import cmek.check.PermissionCheck;
import cmek.check.RegistrationLookup;
import cmek.check.WorkspaceLookup;
import cmek.client.anthropic.AdminApi;
import cmek.client.kms.KeyManagement;
import cmek.fake.FakePolicies;
import cmek.fake.FakeProjects;
import cmek.fake.FakeResources;
import cmek.model.OrganizationId;
import cmek.model.Policy;
import cmek.onboarding.Propagation;
import cmek.onboarding.state.OnboardingStore;
import cmek.onboarding.step.AttachWorkspace;
import cmek.onboarding.step.CheckPrerequisites;
import cmek.onboarding.step.CreateKey;
import cmek.onboarding.step.CreateKeyRing;
import cmek.onboarding.step.GrantAccess;
import cmek.onboarding.step.RegisterKey;
import cmek.onboarding.step.ValidateKey;
import io.cloudevents.CloudEvent;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The steps of the guide wired as the container wires them, reads one after another, the project's side in memory. */
record Chain(
        AdminApi vendor,
        KeyManagement kms,
        OnboardingStore ledger,
        Clock clock,
        Policy policy,
        OrganizationId organization,
        Propagation propagation) {

    /** The functions of the chain, by their names. */
    Map<String, Consumer<CloudEvent>> behind(OnboardingHandler door) {
        ParallelReads reads = new ParallelReads(Runnable::run);
        FakeResources resources = new FakeResources();
        KeyInspection keys = new KeyInspection(kms, policy, organization);
        WorkspaceLookup workspaces = new WorkspaceLookup(vendor);
        RegistrationLookup registrations = new RegistrationLookup(vendor);
        CheckPrerequisites prerequisites = new CheckPrerequisites(
                vendor,
                new FakeProjects(),
                kms,
                keys,
                workspaces,
                registrations,
                new PermissionCheck(resources, kms, keys, reads, organization),
                new OrganizationPolicyCheck(new FakePolicies(), resources, keys, reads),
                new AuditLogCheck(resources, reads, policy),
                reads,
                organization);
        CreateKeyRing createKeyRing = new CreateKeyRing(kms, organization);
        CreateKey createKey = new CreateKey(kms, keys, organization, clock);
        GrantAccess grantAccess = new GrantAccess(kms, keys, clock);
        RegisterKey registerKey = new RegisterKey(vendor, registrations, ledger);
        ValidateKey validateKey = new ValidateKey(vendor, keys, registrations, propagation);
        AttachWorkspace attachWorkspace =
                new AttachWorkspace(vendor, workspaces, registrations, ledger, propagation, policy);
        Map<String, Consumer<CloudEvent>> doors = new TreeMap<>();
        doors.put("onboard", new OnboardFunction(door)::onboard);
        doors.put("checkPrerequisites", new CheckPrerequisitesFunction(door, prerequisites)::checkPrerequisites);
        doors.put("createKeyRing", new CreateKeyRingFunction(door, createKeyRing)::createKeyRing);
        doors.put("createKey", new CreateKeyFunction(door, createKey)::createKey);
        doors.put("grantAccess", new GrantAccessFunction(door, grantAccess)::grantAccess);
        doors.put("registerKey", new RegisterKeyFunction(door, registerKey)::registerKey);
        doors.put("validateKey", new ValidateKeyFunction(door, validateKey)::validateKey);
        doors.put("attachWorkspace", new AttachWorkspaceFunction(door, attachWorkspace)::attachWorkspace);
        return doors;
    }
}
