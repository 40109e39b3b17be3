package cmek.check;

import cmek.model.IamMember;
import cmek.model.IamMember.Owner;
import java.util.List;
import java.util.Optional;

/**
 * Where a key is at home: what tells its own principals from those of others.
 *
 * @param project the project's id
 * @param number the project's number, where it could be read
 * @param above the project's folders and its organization, as far as they could be read
 * @param complete whether these are all
 */
record KeyHome(String project, Optional<String> number, List<String> above, boolean complete) {

    KeyHome {
        above = List.copyOf(above);
    }

    /** What a member is to a key. */
    enum Relation {
        EVERYBODY,
        /** Of the key's own project. */
        OWN,
        /** Google's, acting for the key's own project, folder or organization. */
        OWN_AGENT,
        PEOPLE,
        /** Of another project, or of more than the key's own. */
        OTHER,
        /** Google's, acting for another, for nobody in particular, or not on Google's list. */
        OTHER_AGENT,
        /** Of a project or organization whose number cannot be compared with the key's. */
        INCOMPARABLE,
        /** Of a form that does not tell. */
        UNTOLD
    }

    /** What a member is to this key; of a deleted one, what it was. */
    Relation relationOf(IamMember member) {
        if (member instanceof IamMember.Deleted deleted) {
            return relationOf(deleted.was());
        }
        if (member instanceof IamMember.ServiceAgent agent) {
            return agent(agent);
        }
        if (member instanceof IamMember.ResourceSet set && !(set.owner() instanceof Owner.ProjectNumber)) {
            // More than the key's own project, whosever the organization is.
            return set.type().equals("ServiceAgent") ? Relation.OTHER_AGENT : Relation.OTHER;
        }
        if (member instanceof IamMember.AgentIdentity identity
                && identity.owner() instanceof Owner.Organization organization) {
            return compared(isAbove("organizations/" + organization.number()), Relation.UNTOLD, Relation.OTHER);
        }
        if (member instanceof IamMember.WorkloadPool pool && pool.whole()) {
            // Whom the key's own pool admits is for its providers to say.
            return compared(isOwn(pool.number()), Relation.UNTOLD, Relation.OTHER);
        }
        return owned(member.owner());
    }

    private Relation owned(Owner owner) {
        if (owner instanceof Owner.Everybody) {
            return Relation.EVERYBODY;
        }
        if (owner instanceof Owner.People) {
            return Relation.PEOPLE;
        }
        if (owner instanceof Owner.Project other) {
            return other.id().equals(project) ? Relation.OWN : Relation.OTHER;
        }
        if (owner instanceof Owner.ProjectNumber other) {
            return compared(isOwn(other.number()), Relation.OWN, Relation.OTHER);
        }
        return Relation.UNTOLD;
    }

    private Relation agent(IamMember.ServiceAgent agent) {
        Optional<Boolean> own;
        if (agent.owner() instanceof Owner.ProjectNumber other) {
            own = isOwn(other.number());
        } else if (agent.owner() instanceof Owner.Organization organization) {
            own = isAbove("organizations/" + organization.number());
        } else if (agent.owner() instanceof Owner.Folder folder) {
            own = isAbove("folders/" + folder.number());
        } else {
            own = Optional.of(false);
        }
        return compared(own, agent.published() ? Relation.OWN_AGENT : Relation.OTHER_AGENT, Relation.OTHER_AGENT);
    }

    private static Relation compared(Optional<Boolean> own, Relation yes, Relation no) {
        return own.map(is -> is ? yes : no).orElse(Relation.INCOMPARABLE);
    }

    private Optional<Boolean> isOwn(String other) {
        return number.map(other::equals);
    }

    private Optional<Boolean> isAbove(String other) {
        if (above.contains(other)) {
            return Optional.of(true);
        }
        // A project has one organization: where that is known, any other is another's.
        boolean known = complete
                || (other.startsWith("organizations/")
                        && above.stream().anyMatch(resource -> resource.startsWith("organizations/")));
        return known ? Optional.of(false) : Optional.empty();
    }
}
