package cmek.function;

import cmek.check.CheckSubjects;
import cmek.check.InheritedPolicies;
import cmek.check.KeyInspection;
import cmek.check.KeyNames;
import cmek.check.RegistrationLookup;
import cmek.check.WorkspaceLookup;
import cmek.client.anthropic.AdminApi;
import cmek.client.http.SideBySide;
import cmek.client.kms.KeyManagement;
import cmek.fake.Checks;
import cmek.fake.ProjectInProcess;
import cmek.model.OrganizationId;
import cmek.model.Policy;
import cmek.onboarding.Propagation;
import cmek.onboarding.state.Approvals;
import cmek.onboarding.state.OnboardingStore;
import cmek.onboarding.step.AttachWorkspace;
import cmek.onboarding.step.CheckPrerequisites;
import cmek.onboarding.step.CreateKey;
import cmek.onboarding.step.CreateKeyRing;
import cmek.onboarding.step.FindAttachment;
import cmek.onboarding.step.GrantAccess;
import cmek.onboarding.step.RegisterKey;
import cmek.onboarding.step.ValidateKey;
import io.cloudevents.CloudEvent;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The steps of the guide wired as the container wires them, reads one after another, the project's side in memory. */
record Chain(
        AdminApi anthropic,
        KeyManagement kms,
        OnboardingStore store,
        Approvals approvals,
        Clock clock,
        Policy policy,
        OrganizationId organization,
        Propagation propagation,
        SideBySide calls) {

    /** The functions of the chain, by their names. */
    Map<String, Consumer<CloudEvent>> behind(OnboardingHandler handler) {
        ProjectInProcess project = new ProjectInProcess();
        KeyInspection keys = new KeyInspection(kms, policy, organization);
        KeyNames names = Checks.names(project);
        WorkspaceLookup workspaces = new WorkspaceLookup(anthropic, names);
        RegistrationLookup registrations = new RegistrationLookup(anthropic, names);
        InheritedPolicies inherited = Checks.inherited(kms, project);
        CheckSubjects subjects = Checks.subjects(anthropic, kms, keys, project, calls);
        CheckPrerequisites prerequisites = new CheckPrerequisites(
                Checks.over(anthropic, kms, keys, project, calls, policy, organization, Optional.empty(), clock),
                subjects,
                organization);
        CreateKeyRing createKeyRing = new CreateKeyRing(kms, organization, clock);
        CreateKey createKey = new CreateKey(kms, keys, organization, clock);
        GrantAccess grantAccess = new GrantAccess(kms, keys, Checks.principals(), inherited, clock);
        RegisterKey registerKey = new RegisterKey(anthropic, registrations, store);
        ValidateKey validateKey = new ValidateKey(
                Checks.validation(anthropic),
                Checks.ofKey(kms, keys, inherited, organization, clock),
                subjects,
                registrations,
                Checks.withoutDenyPolicies(),
                propagation);
        AttachWorkspace attachWorkspace = new AttachWorkspace(
                anthropic,
                Checks.validation(anthropic),
                workspaces,
                registrations,
                store,
                approvals,
                propagation,
                calls,
                policy,
                organization);
        Map<String, Consumer<CloudEvent>> handlers = new TreeMap<>();
        handlers.put("onboard", new OnboardFunction(handler)::onboard);
        handlers.put("checkPrerequisites", new CheckPrerequisitesFunction(handler, prerequisites)::checkPrerequisites);
        handlers.put("createKeyRing", new CreateKeyRingFunction(handler, createKeyRing)::createKeyRing);
        handlers.put("createKey", new CreateKeyFunction(handler, createKey)::createKey);
        handlers.put("grantAccess", new GrantAccessFunction(handler, grantAccess)::grantAccess);
        handlers.put("registerKey", new RegisterKeyFunction(handler, registerKey)::registerKey);
        handlers.put("validateKey", new ValidateKeyFunction(handler, validateKey)::validateKey);
        handlers.put("attachWorkspace", new AttachWorkspaceFunction(handler, attachWorkspace)::attachWorkspace);
        FindAttachment findAttachment = new FindAttachment(workspaces);
        handlers.put("reportDeadLetter", event -> handler.handleDeadLetter(event, findAttachment::findAttachment));
        return handlers;
    }
}
