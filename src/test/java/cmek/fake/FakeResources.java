package cmek.fake;

import cmek.client.project.AuditConfig;
import cmek.client.project.Lookup;
import cmek.client.project.ResourceInfo;
import cmek.client.project.ResourceManagerClient;
import cmek.client.project.ResourcePolicy;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.RoleBinding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Resource Manager in memory: by default the sample's project, with both logs on, in which everything may be done. */
public final class FakeResources implements ResourceManagerClient {

    /** Of the sample's project. */
    public static final String NUMBER = "415104041262";

    private final Map<String, String> parents = new HashMap<>();
    private final Map<String, List<AuditConfig>> configs = new HashMap<>();
    private final Map<String, List<RoleBinding>> bindings = new HashMap<>();
    private final Map<String, String> numbers = new HashMap<>(Map.of("projects/acme-kms-prod", NUMBER));
    private final Set<String> lacking = new HashSet<>();
    private final Set<String> closed = new HashSet<>();
    private final Set<String> silent = new HashSet<>();
    private final Set<String> shutDown = new HashSet<>();
    private final List<String> reads = new ArrayList<>();
    private final List<Set<String>> questions = new ArrayList<>();

    public FakeResources() {
        withAuditConfig("projects/acme-kms-prod", "cloudkms.googleapis.com", "DATA_READ");
        withAuditConfig("projects/acme-kms-prod", "cloudkms.googleapis.com", "DATA_WRITE");
    }

    /** Nothing is logged by the policy on this resource. */
    public FakeResources withoutAuditConfig(String resource) {
        configs.remove(resource);
        return this;
    }

    public FakeResources withAuditConfig(String resource, String service, String logType, String... exempted) {
        configs.computeIfAbsent(resource, key -> new ArrayList<>())
                .add(new AuditConfig(service, logType, Set.of(exempted)));
        return this;
    }

    public FakeResources withParent(String resource, String parent) {
        parents.put(resource, parent);
        return this;
    }

    /** Somebody asked for the project's deletion three days ago. */
    public FakeResources shutDown(String project) {
        shutDown.add(project);
        return this;
    }

    /** A binding in the policy of this resource. */
    public FakeResources withBinding(String resource, String role, String... members) {
        bindings.computeIfAbsent(resource, key -> new ArrayList<>())
                .add(new RoleBinding(role, List.of(members), false));
        return this;
    }

    /** What is answered about the project does not have its number. */
    public FakeResources withoutNumber() {
        numbers.clear();
        return this;
    }

    /** The caller holds everything but this. */
    public FakeResources lacking(String... permissions) {
        lacking.addAll(List.of(permissions));
        return this;
    }

    /** We may not look at this resource. */
    public FakeResources closed(String resource) {
        closed.add(resource);
        return this;
    }

    /** This resource's questions time out. */
    public FakeResources silent(String resource) {
        silent.add(resource);
        return this;
    }

    public List<String> reads() {
        return List.copyOf(reads);
    }

    /** A project's number. */
    public FakeResources withNumber(String number, String project) {
        numbers.put("projects/" + project, number);
        return this;
    }

    @Override
    public Lookup<ResourceInfo> info(String resource) {
        String named = named(resource);
        if (named.matches("projects/[0-9]+")) {
            closed(resource);
        }
        String name = named.substring(named.indexOf('/') + 1);
        boolean doomed = shutDown.contains(name);
        return answer(
                "GetProject",
                resource,
                new ResourceInfo(
                        Optional.of(name).filter(any -> named.startsWith("projects/")),
                        Optional.ofNullable(numbers.get(named)),
                        Optional.ofNullable(parents.get(named)),
                        doomed ? "DELETE_REQUESTED" : "ACTIVE",
                        doomed ? Optional.of(Sample.NOW.minus(Duration.ofDays(3))) : Optional.empty()));
    }

    /** A project by its id, though it may be asked for by its number. */
    private String named(String resource) {
        return numbers.entrySet().stream()
                .filter(project -> resource.equals("projects/" + project.getValue()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(resource);
    }

    @Override
    public Lookup<ResourcePolicy> policy(String resource) {
        return answer(
                "GetIamPolicy",
                resource,
                new ResourcePolicy(
                        bindings.getOrDefault(resource, List.of()), configs.getOrDefault(resource, List.of())));
    }

    /** What was asked for on projects, in order. */
    public List<Set<String>> asked() {
        return List.copyOf(questions);
    }

    @Override
    public Lookup<Set<String>> heldPermissions(String project, Set<String> asked) {
        questions.add(asked);
        Set<String> held = new HashSet<>(asked);
        held.removeAll(lacking);
        return answer("TestIamPermissions", "projects/" + project, held);
    }

    private synchronized <T> Lookup<T> answer(String operation, String resource, T value) {
        reads.add(operation + " " + resource);
        if (silent.contains(resource)) {
            throw new TransientException(Reason.GOOGLE_UNAVAILABLE, operation + " was not answered", null);
        }
        return closed.contains(resource)
                ? new Lookup.Unknown<>(operation + " on " + resource + " answered 403 PERMISSION_DENIED")
                : new Lookup.Known<>(value);
    }
}
