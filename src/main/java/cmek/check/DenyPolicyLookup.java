package cmek.check;

import cmek.client.http.SideBySide;
import cmek.client.project.DenyPolicy;
import cmek.client.project.DenyPolicyClient;
import cmek.client.project.Lookup;
import cmek.finding.Finding;
import cmek.finding.ProjectFindings;
import cmek.finding.TransientException;
import cmek.model.AnthropicPrincipal;
import cmek.model.CryptoKeyName;
import cmek.model.Wildcards;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Looks for IAM deny policies, of the key's project and of what it lies in, that keep Anthropic from a key whatever its
 * roles grant. Certain is one that names Anthropic's account or everybody; under a condition, or with exceptions that may
 * include Anthropic, it may apply.
 *
 * @see <a href="https://cloud.google.com/iam/docs/deny-overview">Deny policies</a>
 */
@Singleton
public final class DenyPolicyLookup {

    /** What Anthropic does with a key, as deny policies name it. */
    private static final List<String> NEEDED = List.of(
            "cloudkms.googleapis.com/cryptoKeyVersions.useToEncrypt",
            "cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt",
            "cloudkms.googleapis.com/cryptoKeys.get");

    private static final String EVERYBODY = "principalset://goog/public:all";
    private static final String ACCOUNT = "/serviceaccounts/" + AnthropicPrincipal.EMAIL.toLowerCase(Locale.ROOT);
    private static final Pattern SET_ABOVE = Pattern.compile(
            "principalset://cloudresourcemanager\\.googleapis\\.com/((folders|organizations)/[0-9]+)(/.*)?");

    /** Each takes a call of its own. */
    private static final int POLICIES_AT_MOST = 50;

    private final DenyPolicyClient policies;
    private final InheritedPolicies inherited;
    private final SideBySide calls;

    @Inject
    public DenyPolicyLookup(DenyPolicyClient policies, InheritedPolicies inherited, SideBySide calls) {
        this.policies = policies;
        this.inherited = inherited;
        this.calls = calls;
    }

    /**
     * What was found.
     *
     * @param certain that Anthropic is denied something it needs
     * @param possible that it may be
     * @param ofProject why the project's own policies are not known; empty when they are
     * @param above why policies above the project are not known
     */
    public record Result(List<Finding> certain, List<Finding> possible, List<String> ofProject, List<String> above) {

        public Result {
            certain = List.copyOf(certain);
            possible = List.copyOf(possible);
            ofProject = List.copyOf(ofProject);
            above = List.copyOf(above);
        }

        /** All that could not be determined, a few words each. */
        public List<String> unseen() {
            List<String> unseen = new ArrayList<>();
            possible.forEach(finding -> unseen.add(finding.message()));
            List<String> unread = new ArrayList<>(ofProject);
            unread.addAll(above);
            if (!unread.isEmpty()) {
                unseen.add("deny policies (" + String.join("; ", unread) + ")");
            }
            return unseen;
        }
    }

    /** Reads what may be read; never throws because something may not be, or not now. */
    public Result inspect(CheckSubject subject) {
        Search search = new Search(subject.key());
        search.in(inherited.of(subject).ancestry(subject.key()));
        return search.result();
    }

    private final class Search {

        private final CryptoKeyName key;
        private final List<String> own = new ArrayList<>();
        private final List<DenyPolicy> found = new ArrayList<>();
        private final List<String> ofProject = new ArrayList<>();
        private final List<String> above = new ArrayList<>();

        Search(CryptoKeyName key) {
            this.key = key;
        }

        void in(InheritedReads.Ancestry ancestry) {
            own.add("projects/" + key.project());
            own.addAll(ancestry.above());
            Map<String, Supplier<Lookup<List<String>>>> lists = new LinkedHashMap<>();
            own.forEach(resource -> lists.put(resource, calls.begin(() -> policies.attachedTo(resource))));
            lists.forEach(
                    (resource, list) -> read(resource, list, resource.startsWith("projects/") ? ofProject : above));
            ancestry.end().ifPresent(above::add);
        }

        private void read(String resource, Supplier<Lookup<List<String>>> list, List<String> unknown) {
            List<String> ids = known(list, unknown).orElse(List.of());
            if (ids.size() > POLICIES_AT_MOST) {
                unknown.add("of " + ids.size() + " deny policies of " + resource + " only the first " + POLICIES_AT_MOST
                        + " were read");
            }
            for (String id : ids.subList(0, Math.min(ids.size(), POLICIES_AT_MOST))) {
                known(() -> policies.policy(resource, id), unknown)
                        .flatMap(policy -> policy)
                        .ifPresent(found::add);
            }
        }

        private <T> Optional<T> known(Supplier<Lookup<T>> read, List<String> unknown) {
            try {
                Lookup<T> answer = read.get();
                if (answer instanceof Lookup.Known<T> known) {
                    return Optional.of(known.value());
                }
                if (answer instanceof Lookup.Unknown<T> closed) {
                    unknown.add(closed.why());
                }
            } catch (TransientException e) {
                unknown.add(String.valueOf(e.getMessage()));
            }
            return Optional.empty();
        }

        Result result() {
            List<Finding> certain = new ArrayList<>();
            List<Finding> possible = new ArrayList<>();
            for (DenyPolicy policy : found) {
                for (DenyPolicy.Rule rule : policy.rules()) {
                    judge(policy, rule, certain, possible);
                }
            }
            return new Result(certain, possible, ofProject, above);
        }

        private void judge(DenyPolicy policy, DenyPolicy.Rule rule, List<Finding> certain, List<Finding> possible) {
            List<String> denied = NEEDED.stream()
                    .filter(permission ->
                            names(rule.permissions(), permission) && !names(rule.exceptedPermissions(), permission))
                    .toList();
            if (denied.isEmpty()
                    || rule.principals().stream().noneMatch(DenyPolicyLookup::isAnthropic)
                    || rule.exceptedPrincipals().stream().anyMatch(DenyPolicyLookup::isAnthropic)) {
                return;
            }
            List<String> unresolved = rule.exceptedPrincipals().stream()
                    .filter(this::mayIncludeAnthropic)
                    .toList();
            if (rule.condition().isPresent()) {
                possible.add(ProjectFindings.denyPolicyPossible(
                        key,
                        policy.resource(),
                        policy.id(),
                        denied,
                        "it applies under the condition \"" + rule.condition().get()
                                + "\", which is not evaluated here"));
            } else if (!unresolved.isEmpty()) {
                possible.add(ProjectFindings.denyPolicyPossible(
                        key,
                        policy.resource(),
                        policy.id(),
                        denied,
                        "whether Anthropic is among its exceptions (" + String.join(", ", unresolved)
                                + ") is not resolved here"));
            } else {
                certain.add(ProjectFindings.denyPolicy(key, policy.resource(), policy.id(), denied));
            }
        }

        /** A single principal is somebody else, and Anthropic is not part of what the project itself lies in. */
        private boolean mayIncludeAnthropic(String principal) {
            String lower = principal.toLowerCase(Locale.ROOT);
            if (!lower.startsWith("principalset://")) {
                return false;
            }
            var above = SET_ABOVE.matcher(lower);
            return !(above.matches() && own.contains(above.group(1)));
        }
    }

    private static boolean isAnthropic(String principal) {
        String lower = principal.toLowerCase(Locale.ROOT);
        return lower.equals(EVERYBODY) || (lower.startsWith("principal://") && lower.endsWith(ACCOUNT));
    }

    /** {@code *} stands for a resource type, a verb or both. */
    private static boolean names(List<String> patterns, String permission) {
        return patterns.stream()
                .anyMatch(pattern ->
                        Wildcards.compile(pattern, "[^/]*").matcher(permission).matches());
    }
}
