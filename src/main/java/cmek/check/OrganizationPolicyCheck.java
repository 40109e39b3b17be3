package cmek.check;

import cmek.client.http.SideBySide;
import cmek.client.project.EffectivePolicy;
import cmek.client.project.Lookup;
import cmek.client.project.OrgPolicyClient;
import cmek.client.project.ResourceInfo;
import cmek.config.SharingSettings;
import cmek.finding.Finding;
import cmek.finding.OrganizationConstraints;
import cmek.finding.ProjectFindings;
import cmek.finding.TransientException;
import cmek.model.AnthropicPrincipal;
import cmek.model.CryptoKeyName;
import cmek.model.Mode;
import cmek.model.OnboardingRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Looks for organization policies that would refuse what is to be written. Certain is little: a policy may depend on tags,
 * and Anthropic's customer id is not published. So most of it is a warning, and the write itself decides. Custom
 * constraints cannot be read at all for a project; they speak only when a grant is refused.
 */
@Singleton
public final class OrganizationPolicyCheck implements PrerequisiteCheck {

    /** Cloud KMS' own default. */
    private static final Duration DEFAULT_DESTROY_DURATION = Duration.ofDays(30);

    private static final Pattern DAYS = Pattern.compile("in:([0-9]{1,4})d");
    private static final Pattern LOCATION_GROUP = Pattern.compile("in:(.+)-locations");
    private static final Pattern SINGLE_REGION = Pattern.compile("[a-z]+-[a-z]+[0-9]+");

    /** A part of a group that Google names by it, and that changes: which regions it holds today is not known here. */
    private static final String LOW_CARBON = "low-carbon-";

    /** Groups that no location in the United States is part of. */
    private static final Set<String> ELSEWHERE = Set.of("eu", "europe", "asia", "australia", "southamerica", "africa");

    private final OrgPolicyClient policies;
    private final InheritedPolicies inherited;
    private final KeyInspection keys;
    private final SideBySide reads;
    private final Optional<String> anthropicCustomerId;

    @Inject
    public OrganizationPolicyCheck(
            OrgPolicyClient policies,
            InheritedPolicies inherited,
            KeyInspection keys,
            SideBySide reads,
            SharingSettings sharing) {
        this.anthropicCustomerId = sharing.anthropicCustomerId();
        this.policies = policies;
        this.inherited = inherited;
        this.keys = keys;
        this.reads = reads;
    }

    @Override
    public int rank() {
        return 80;
    }

    /** Begins to read the policies; which of them matter depends on what is there. */
    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        OnboardingRequest request = subject.request();
        if (request.mode() == Mode.VALIDATE) {
            return () -> CheckResult.CLEAR;
        }
        String project = request.key().project();
        Map<String, Supplier<Lookup<EffectivePolicy>>> begun = new LinkedHashMap<>();
        for (String constraint : List.of(
                OrganizationConstraints.POLICY_MEMBERS,
                OrganizationConstraints.MEMBER_DOMAINS,
                OrganizationConstraints.PROTECTION_LEVELS,
                OrganizationConstraints.RESOURCE_LOCATIONS,
                OrganizationConstraints.DESTROY_DURATION)) {
            begun.put(constraint, reads.begin(() -> effective(project, constraint)));
        }
        return () -> new Look(request, subject.state(), inherited.of(subject), begun).verdict();
    }

    private Lookup<EffectivePolicy> effective(String project, String constraint) {
        try {
            return policies.effective(project, constraint);
        } catch (TransientException e) {
            return new Lookup.Unknown<>(String.valueOf(e.getMessage()));
        }
    }

    private final class Look {

        private final OnboardingRequest request;
        private final KeyState state;
        private final InheritedReads above;
        private final Map<String, Supplier<Lookup<EffectivePolicy>>> begun;
        private final List<Finding> certain = new ArrayList<>();
        private final List<Finding> possible = new ArrayList<>();
        private final Map<String, String> unknown = new LinkedHashMap<>();

        Look(
                OnboardingRequest request,
                KeyState state,
                InheritedReads above,
                Map<String, Supplier<Lookup<EffectivePolicy>>> begun) {
            this.above = above;
            this.request = request;
            this.state = state;
            this.begun = begun;
        }

        CheckResult verdict() {
            if (mayGrant()) {
                consider(OrganizationConstraints.POLICY_MEMBERS, this::members);
                consider(OrganizationConstraints.MEMBER_DOMAINS, this::domains);
            }
            if (!(state instanceof KeyState.Present)) {
                consider(OrganizationConstraints.PROTECTION_LEVELS, this::protectionLevel);
                consider(OrganizationConstraints.RESOURCE_LOCATIONS, this::location);
                consider(OrganizationConstraints.DESTROY_DURATION, this::destroyDuration);
            }
            // Behind a closed entry point everything may be done already, and then no policy takes it back.
            if (!certain.isEmpty() && !(state instanceof KeyState.Inaccessible)) {
                return CheckResult.refuse(certain.get(0));
            }
            List<Finding> warnings = new ArrayList<>(certain);
            warnings.addAll(possible);
            if (!unknown.isEmpty()) {
                warnings.add(ProjectFindings.policiesUnknown(
                        request.key().project(),
                        unknown.keySet(),
                        String.join(
                                "; ",
                                Set.copyOf(unknown.values()).stream().sorted().toList())));
            }
            return CheckResult.warn(warnings);
        }

        /** A policy stops a grant that is to be made, not one that is there. */
        private boolean mayGrant() {
            return !(state instanceof KeyState.Present present)
                    || !keys.grant(request.key(), present.policy()).isEmpty();
        }

        private void consider(String constraint, Consumer<EffectivePolicy> look) {
            Lookup<EffectivePolicy> answer =
                    Objects.requireNonNull(begun.get(constraint)).get();
            if (answer instanceof Lookup.Known<EffectivePolicy> known) {
                look.accept(known.value());
            } else if (answer instanceof Lookup.Unknown<EffectivePolicy> closed) {
                unknown.put(constraint, closed.why());
            }
        }

        private void members(EffectivePolicy policy) {
            List<EffectivePolicy.Rule> enforced = policy.rules().stream()
                    .filter(EffectivePolicy.Rule::enforce)
                    .toList();
            if (enforced.stream().allMatch(rule -> rule.memberSubjects().contains(AnthropicPrincipal.MEMBER))) {
                return;
            }
            String project = request.key().project();
            boolean conditional = policy.rules().stream().anyMatch(EffectivePolicy.Rule::conditional);
            boolean lists = enforced.stream()
                    .anyMatch(rule -> !rule.memberSubjects().contains(AnthropicPrincipal.MEMBER)
                            && isOurOwn(above, project, rule.principalSets()));
            if (!conditional && lists) {
                certain.add(ProjectFindings.sharingForbidden(request.key()));
            } else {
                possible.add(ProjectFindings.sharingRestricted(project, policy.constraint(), List.of()));
            }
        }

        /** Without Anthropic's customer id, only a policy that denies everybody is certain. */
        private void domains(EffectivePolicy policy) {
            boolean restricts = policy.rules().stream()
                    .anyMatch(rule -> rule.denyAll()
                            || !rule.allowedValues().isEmpty()
                            || !rule.deniedValues().isEmpty());
            if (!restricts) {
                return;
            }
            boolean conditional = policy.rules().stream().anyMatch(EffectivePolicy.Rule::conditional);
            boolean deniesAll = policy.rules().stream().anyMatch(EffectivePolicy.Rule::denyAll);
            CryptoKeyName key = request.key();
            Set<String> allowed = ConstraintEvaluation.allowed(policy);
            ConstraintEvaluation anthropic = anthropicCustomerId
                    .map(id -> ConstraintEvaluation.of(policy, value -> isCustomer(value, id)))
                    .orElse(ConstraintEvaluation.UNCLEAR);
            if (!conditional && deniesAll) {
                certain.add(ProjectFindings.sharingDenied(key));
            } else if (anthropic == ConstraintEvaluation.NO) {
                certain.add(ProjectFindings.customerNotAllowed(key, anthropicCustomerId.orElseThrow(), allowed));
            } else if (anthropic == ConstraintEvaluation.UNCLEAR) {
                possible.add(ProjectFindings.sharingRestricted(key.project(), policy.constraint(), allowed));
            }
        }

        /** An entry may also be an organization's number, which says nothing about a customer id unless it is our own. */
        private ConstraintEvaluation isCustomer(String value, String customerId) {
            if (value.equals(customerId)) {
                return ConstraintEvaluation.YES;
            }
            return value.startsWith("C") || isOurOwn(above, request.key().project(), Set.of(value))
                    ? ConstraintEvaluation.NO
                    : ConstraintEvaluation.UNCLEAR;
        }

        private void protectionLevel(EffectivePolicy policy) {
            String level = request.protectionLevelToCreate().name();
            decide(
                    policy,
                    ConstraintEvaluation.of(
                            policy, value -> value.equals(level) ? ConstraintEvaluation.YES : ConstraintEvaluation.NO),
                    "protection level " + level,
                    Set.of(),
                    ProjectFindings.protectionLevelForbidden(
                            request.key(), request.protectionLevelToCreate(), ConstraintEvaluation.allowed(policy)));
        }

        private void location(EffectivePolicy policy) {
            CryptoKeyName key = request.key();
            decide(
                    policy,
                    ConstraintEvaluation.of(policy, value -> covers(value, key.location())),
                    "location " + key.location(),
                    unresolved(policy, key.location()),
                    ProjectFindings.locationForbidden(key, ConstraintEvaluation.allowed(policy)));
        }

        private void destroyDuration(EffectivePolicy policy) {
            Optional<Duration> minimum = ConstraintEvaluation.allowed(policy).stream()
                    .map(DAYS::matcher)
                    .filter(Matcher::matches)
                    .map(matcher -> Duration.ofDays(Long.parseLong(matcher.group(1))))
                    .min(Duration::compareTo);
            Duration asked = request.destroyScheduledDuration().orElse(DEFAULT_DESTROY_DURATION);
            if (minimum.isPresent() && asked.compareTo(minimum.get()) < 0) {
                boolean conditional = policy.rules().stream().anyMatch(EffectivePolicy.Rule::conditional);
                decide(
                        policy,
                        conditional ? ConstraintEvaluation.UNCLEAR : ConstraintEvaluation.NO,
                        "destroyScheduledDuration P" + asked.toDays() + "D",
                        Set.of(),
                        ProjectFindings.destroyDurationTooShort(request.key(), asked, minimum.get()));
            }
        }

        /**
         * Refuses, or says what is not known.
         *
         * @param groups of values that are not resolved here; where there are none, it is a condition that is not
         */
        private void decide(
                EffectivePolicy policy,
                ConstraintEvaluation evaluation,
                String what,
                Set<String> groups,
                Finding forbidden) {
            switch (evaluation) {
                case YES -> {}
                case NO -> certain.add(forbidden);
                case UNCLEAR ->
                    possible.add(ProjectFindings.policyUnclear(
                            request.key().project(),
                            policy.constraint(),
                            what,
                            groups.isEmpty()
                                    ? "it depends on a condition, which is not evaluated here"
                                    : "what belongs to " + String.join(", ", groups) + " is not resolved here"));
            }
        }
    }

    /** The groups of locations in a policy of which it is not known whether a location is among them. */
    private static Set<String> unresolved(EffectivePolicy policy, String location) {
        Set<String> groups = new TreeSet<>();
        for (EffectivePolicy.Rule rule : policy.rules()) {
            if (!rule.conditional()) {
                Stream.concat(rule.allowedValues().stream(), rule.deniedValues().stream())
                        .filter(value -> covers(value, location) == ConstraintEvaluation.UNCLEAR)
                        .forEach(groups::add);
            }
        }
        return groups;
    }

    private static ConstraintEvaluation covers(String value, String location) {
        Matcher group = LOCATION_GROUP.matcher(value);
        if (!group.matches()) {
            return value.equals(location) ? ConstraintEvaluation.YES : ConstraintEvaluation.NO;
        }
        String name = group.group(1);
        if (name.equals(location) || (name.equals("us") && location.startsWith("us-"))) {
            return ConstraintEvaluation.YES;
        }
        String area = name.startsWith(LOW_CARBON) ? name.substring(LOW_CARBON.length()) : name;
        return SINGLE_REGION.matcher(name).matches() || ELSEWHERE.contains(area)
                ? ConstraintEvaluation.NO
                : ConstraintEvaluation.UNCLEAR;
    }

    /** Whether sets of principals are all of the project's own organization and folders, where Anthropic is not. */
    private static boolean isOurOwn(InheritedReads above, String project, Set<String> principalSets) {
        if (principalSets.isEmpty()) {
            return true;
        }
        List<String> own = new ArrayList<>();
        Optional<String> resource = Optional.of("projects/" + project);
        try {
            while (resource.isPresent() && !resource.get().startsWith("organizations/")) {
                resource = above.info(resource.get()) instanceof Lookup.Known<ResourceInfo> known
                        ? known.value().parent().filter(parent -> !own.contains(parent))
                        : Optional.empty();
                resource.ifPresent(own::add);
            }
        } catch (TransientException e) {
            return false;
        }
        return principalSets.stream()
                .allMatch(set -> own.stream().anyMatch(parent -> set.endsWith(".googleapis.com/" + parent)));
    }
}
