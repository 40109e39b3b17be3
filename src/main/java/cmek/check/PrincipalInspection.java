package cmek.check;

import cmek.check.InheritedReads.Reach;
import cmek.check.KeyHome.Relation;
import cmek.client.project.Lookup;
import cmek.client.project.ResourcePolicy;
import cmek.config.OwnAccounts;
import cmek.model.AnthropicPrincipal;
import cmek.model.CryptoKeyName;
import cmek.model.IamMember;
import cmek.model.IamMemberParser;
import cmek.model.RoleBinding;
import cmek.model.UnexpectedPrincipal;
import cmek.model.UnexpectedPrincipal.Kind;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds those beside Anthropic who can decrypt with a key or may let themselves, by the key's own policy and by every policy
 * that it inherits. A condition on the binding does not excuse them: it may hold at any time.
 *
 * <p>Not unexpected: people (an organization's own affair) and principals of the key's own project, as long as they only
 * decrypt, and the service agents by which Google's own services use a key for that project.
 */
@Singleton
public final class PrincipalInspection {

    private final OwnAccounts ours;

    @Inject
    public PrincipalInspection(OwnAccounts ours) {
        this.ours = ours;
    }

    /**
     * Who else can decrypt.
     *
     * @param principals worst first
     * @param unread why a policy could not be read, one reason each
     * @param read whose policies were read
     */
    public record Exposure(List<UnexpectedPrincipal> principals, List<String> unread, List<String> read) {

        public Exposure {
            principals = List.copyOf(principals);
            unread = List.copyOf(unread);
            read = List.copyOf(read);
        }
    }

    /**
     * Inspects a key and what it inherits.
     *
     * @param own the key's own policy; empty for a key that does not exist
     * @throws cmek.finding.TransientException when Cloud KMS does not answer
     */
    public Exposure inspect(CryptoKeyName key, List<RoleBinding> own, InheritedReads reads, Reach reach) {
        InheritedReads.Ancestry ancestry = reach == Reach.ORGANIZATION
                ? reads.ancestry(key)
                : new InheritedReads.Ancestry(reads.number(key), List.of(), Optional.of("not asked"));
        KeyHome home = new KeyHome(
                key.project(),
                ancestry.number(),
                ancestry.above(),
                ancestry.end().isEmpty());
        Search search = new Search(home, reads);
        search.in(Optional.empty(), new Lookup.Known<>(own));
        search.in(Optional.of(key.ring().toString()), reads.ring(key.ring()));
        search.inResource("projects/" + key.project());
        ancestry.above().forEach(search::inResource);
        if (reach == Reach.ORGANIZATION) {
            ancestry.end().ifPresent(search.unread::add);
        }
        search.found.sort(Comparator.comparing(UnexpectedPrincipal::kind));
        return new Exposure(search.found, search.unread.stream().distinct().toList(), search.read);
    }

    private final class Search {

        private final List<UnexpectedPrincipal> found = new ArrayList<>();
        private final List<String> unread = new ArrayList<>();
        private final List<String> read = new ArrayList<>();
        private final KeyHome home;
        private final InheritedReads reads;

        Search(KeyHome home, InheritedReads reads) {
            this.home = home;
            this.reads = reads;
        }

        void inResource(String resource) {
            Lookup<ResourcePolicy> policy = reads.policyNow(resource);
            in(
                    Optional.of(resource),
                    policy instanceof Lookup.Known<ResourcePolicy> known
                            ? new Lookup.Known<>(known.value().bindings())
                            : new Lookup.Unknown<>(((Lookup.Unknown<ResourcePolicy>) policy).why()));
        }

        void in(Optional<String> place, Lookup<List<RoleBinding>> policy) {
            if (policy instanceof Lookup.Unknown<List<RoleBinding>> closed) {
                unread.add(closed.why());
                return;
            }
            read.add(place.map(resource -> resource.contains("/keyRings/") ? "its key ring" : resource)
                    .orElse("the key"));
            for (RoleBinding binding : ((Lookup.Known<List<RoleBinding>>) policy).value()) {
                for (String member : binding.members()) {
                    kind(member, binding.role(), place)
                            .map(kind -> new UnexpectedPrincipal(member, binding.role(), kind, place))
                            .filter(unexpected -> !found.contains(unexpected))
                            .ifPresent(found::add);
                }
            }
        }

        private Optional<Kind> kind(String text, String role, Optional<String> place) {
            boolean aboveRing =
                    place.filter(resource -> !resource.contains("/keyRings/")).isPresent();
            if (text.equals(AnthropicPrincipal.MEMBER)) {
                return anthropic(power(role, aboveRing), place.isPresent());
            }
            if (AnthropicPrincipal.isDeleted(text)) {
                // On the key itself its bindings are checked with Anthropic's own.
                return place.isPresent() ? Optional.of(Kind.DELETED) : Optional.empty();
            }
            // Whoever looks like Anthropic has no business on the key, whatever the role.
            if (LookAlikes.looksLikeAnthropic(text)) {
                return Optional.of(Kind.LOOK_ALIKE);
            }
            return power(role, aboveRing).map(power -> known(text, power)).orElseGet(() -> unknown(text));
        }

        private Optional<Kind> anthropic(Optional<RolePower> power, boolean inherited) {
            if (power.filter(RolePower::setsPolicy).isPresent()) {
                return Optional.of(Kind.ANTHROPIC);
            }
            return power.filter(held -> inherited && held.decrypts()).map(held -> Kind.ANTHROPIC_WIDER);
        }

        private Optional<Kind> known(String text, RolePower power) {
            if (power.equals(RolePower.NONE) || (ours.contains(text) && !power.decrypts())) {
                return Optional.empty();
            }
            IamMember member = IamMemberParser.parse(text);
            boolean strong = power.decryptsOrMayLetItself();
            Optional<Kind> kind = switch (home.relationOf(member)) {
                case EVERYBODY -> Optional.of(Kind.PUBLIC);
                case OTHER -> Optional.of(strong ? Kind.OUTSIDE : Kind.IMPERSONATOR);
                case OTHER_AGENT -> when(strong, Kind.GOOGLE_AGENT);
                case INCOMPARABLE -> when(strong, Kind.UNKNOWN_PROJECT);
                case UNTOLD -> when(strong, Kind.UNKNOWN_MEMBER);
                case OWN, PEOPLE -> when(power.setsPolicy(), Kind.ADMINISTRATOR);
                case OWN_AGENT -> Optional.empty();
            };
            return member instanceof IamMember.Deleted ? deleted(kind) : kind;
        }

        /** What is deleted holds nothing; that it would again is worth a word where it would be worth one. */
        private Optional<Kind> deleted(Optional<Kind> kind) {
            return kind.filter(held -> held != Kind.ADMINISTRATOR).map(held -> Kind.DELETED);
        }

        private Optional<Kind> unknown(String text) {
            Relation relation = home.relationOf(IamMemberParser.parse(text));
            return when(
                    !Set.of(Relation.OWN, Relation.OWN_AGENT, Relation.PEOPLE).contains(relation)
                            && !ours.contains(text),
                    Kind.UNKNOWN_ROLE);
        }

        private Optional<RolePower> power(String role, boolean aboveRing) {
            if (!RolePower.isCustom(role)) {
                return RolePower.ofPredefined(role, aboveRing);
            }
            return reads.permissions(role) instanceof Lookup.Known<Set<String>> known
                    ? Optional.of(RolePower.ofPermissions(known.value(), aboveRing))
                    : Optional.empty();
        }
    }

    private static Optional<Kind> when(boolean is, Kind kind) {
        return is ? Optional.of(kind) : Optional.empty();
    }
}
