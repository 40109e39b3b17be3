package cmek.fake;

import cmek.client.project.ProjectClients;
import cmek.simulator.Call;
import cmek.simulator.DenyPolicySimulator;
import cmek.simulator.Fault;
import cmek.simulator.Faults;
import cmek.simulator.GoogleReply;
import cmek.simulator.IamRolesSimulator;
import cmek.simulator.Journal;
import cmek.simulator.OrgPolicySimulator;
import cmek.simulator.Reply;
import cmek.simulator.ResourceManagerSimulator;
import cmek.simulator.ServiceUsageSimulator;
import cmek.simulator.Simulator;
import java.util.List;

/**
 * The real clients of what is asked about a project, over the simulators of Google's APIs and without a socket in
 * between. At first there is the sample's project, which belongs to no organization and logs what Cloud KMS does.
 */
public final class ProjectInProcess {

    public static final String PROJECT = "projects/acme-kms-prod";
    public static final String NUMBER = "415104041262";

    private final Journal journal = new Journal();
    private final ResourceManagerSimulator resourceManager = new ResourceManagerSimulator(journal)
            .withProject("acme-kms-prod")
            .numbered("acme-kms-prod", NUMBER)
            .audit(PROJECT, "cloudkms.googleapis.com", "DATA_READ", "DATA_WRITE");
    private final OrgPolicySimulator orgPolicy = new OrgPolicySimulator(journal);
    private final DenyPolicySimulator denyPolicies = new DenyPolicySimulator(journal);
    private final IamRolesSimulator roles = new IamRolesSimulator(journal);
    private final ServiceUsageSimulator serviceUsage = new ServiceUsageSimulator(journal).enable("acme-kms-prod");
    private final ProjectClients clients =
            ProjectClients.over(call -> wire().answer(call), KmsInProcess.AT_ONCE, KmsInProcess.CONFIG);
    private volatile Simulator wire = this::answer;

    /** What the code under test is given. */
    public ProjectClients clients() {
        return clients;
    }

    public ResourceManagerSimulator resourceManager() {
        return resourceManager;
    }

    public OrgPolicySimulator orgPolicy() {
        return orgPolicy;
    }

    public DenyPolicySimulator denyPolicies() {
        return denyPolicies;
    }

    public IamRolesSimulator roles() {
        return roles;
    }

    public ServiceUsageSimulator serviceUsage() {
        return serviceUsage;
    }

    /**
     * Moves the project into a hierarchy, which is created.
     *
     * @param above what it lies in, from the folder next to it to the organization
     */
    public ProjectInProcess in(String... above) {
        for (int i = above.length - 1; i >= 0; i--) {
            String number = above[i].substring(above[i].indexOf('/') + 1);
            if (above[i].startsWith("folders/")) {
                resourceManager.withFolder(number, above[i + 1]);
            } else {
                resourceManager.withOrganization(number);
            }
        }
        resourceManager.move(PROJECT, above[0]);
        return this;
    }

    /** From now on this stands between the clients and Google. */
    public ProjectInProcess with(Fault fault) {
        wire = fault.around().apply(wire);
        return this;
    }

    /** Resource Manager does not answer questions about this project, folder or organization. */
    public ProjectInProcess silent(String resource) {
        return with(Faults.every(
                1,
                call -> call.path().matches("/v3/" + resource + "(:.*)?"),
                Faults.reply(GoogleReply.error(503, "UNAVAILABLE", "not now"))));
    }

    /** Every call that was answered, in order. */
    public List<String> calls() {
        return journal.entries().stream().map(Journal.Entry::operation).toList();
    }

    private Simulator wire() {
        return wire;
    }

    private Reply answer(Call call) {
        String path = call.path();
        Simulator asked = path.startsWith("/v3/")
                ? resourceManager
                : path.startsWith("/v2/policies/")
                        ? denyPolicies
                        : path.startsWith("/v2/") ? orgPolicy : path.contains("/roles/") ? roles : serviceUsage;
        return asked.answer(call);
    }
}
