package cmek.model;

/**
 * A member of an IAM binding: every form that Google's documentation has, each with whose it is as far as its text tells.
 * What has none of these forms is {@link Unknown} and belongs to nobody who can be trusted.
 *
 * @see <a href="https://cloud.google.com/iam/docs/principal-identifiers">Principal identifiers</a>
 */
public sealed interface IamMember {

    /** As it stands in the binding. */
    String text();

    /** Whose it is. */
    Owner owner();

    /** Whose a member is, as far as its text tells. */
    sealed interface Owner {

        /** A project by its id; {@code example.com:p} where it is scoped to a domain. */
        record Project(String id) implements Owner {}

        /** A project by its number. */
        record ProjectNumber(String number) implements Owner {}

        record Folder(String number) implements Owner {}

        record Organization(String number) implements Owner {}

        /** People, who are the business of the organization that granted them something. */
        record People() implements Owner {}

        record Everybody() implements Owner {}

        /** Google itself, for nobody in particular. */
        record Google() implements Owner {}

        /** The text does not tell. */
        record Untold() implements Owner {}
    }

    /** {@code allUsers} or {@code allAuthenticatedUsers}, or the same in the words of deny policies. */
    record Everyone(String text) implements IamMember {
        @Override
        public Owner owner() {
            return new Owner.Everybody();
        }
    }

    /** {@code user:}, or a subject of Google's own directory. */
    record User(String text, String email) implements IamMember {
        @Override
        public Owner owner() {
            return new Owner.People();
        }
    }

    record Group(String text, String email) implements IamMember {
        @Override
        public Owner owner() {
            return new Owner.People();
        }
    }

    /** Everybody of a domain or of a customer of Cloud Identity. */
    record Domain(String text, String domain) implements IamMember {
        @Override
        public Owner owner() {
            return new Owner.People();
        }
    }

    /** {@code x@PROJECT.iam.gserviceaccount.com}. */
    record ServiceAccount(String text, String email, String project) implements IamMember {
        @Override
        public Owner owner() {
            return new Owner.Project(project);
        }
    }

    /** App Engine's default account, {@code PROJECT@appspot.gserviceaccount.com}. */
    record AppEngineAccount(String text, String project) implements IamMember {
        @Override
        public Owner owner() {
            return new Owner.Project(project);
        }
    }

    /** Compute Engine's default account, {@code NUMBER-compute@developer…}, and older accounts of that domain. */
    record DeveloperAccount(String text, String number) implements IamMember {
        @Override
        public Owner owner() {
            return new Owner.ProjectNumber(number);
        }
    }

    /** The account that a project's builds run as, {@code NUMBER@cloudbuild…}. */
    record CloudBuildAccount(String text, String number) implements IamMember {
        @Override
        public Owner owner() {
            return new Owner.ProjectNumber(number);
        }
    }

    /** The account by which Google's APIs act in a project, {@code NUMBER@cloudservices…}. */
    record ApisAccount(String text, String number) implements IamMember {
        @Override
        public Owner owner() {
            return new Owner.ProjectNumber(number);
        }
    }

    /**
     * An account of Google's own, by which one of its services acts for a project, folder or organization.
     *
     * @param published whether its project is on Google's list of service agents
     */
    record ServiceAgent(String text, Owner owner, boolean published) implements IamMember {}

    /** A Kubernetes service account, {@code PROJECT.svc.id.goog[NAMESPACE/ACCOUNT]}. */
    record KubernetesAccount(String text, String project) implements IamMember {
        @Override
        public Owner owner() {
            return new Owner.Project(project);
        }
    }

    /**
     * Identities of somebody else's that a project's workload identity pool admits.
     *
     * @param whole whether it is everything in the pool
     */
    record WorkloadPool(String text, String number, String pool, boolean whole) implements IamMember {
        @Override
        public Owner owner() {
            return new Owner.ProjectNumber(number);
        }
    }

    /** People of somebody else's directory; whose organization the pool is of is not in the text. */
    record WorkforcePool(String text, String pool) implements IamMember {
        @Override
        public Owner owner() {
            return new Owner.Untold();
        }
    }

    /**
     * All principals of one type in a project, a folder or an organization.
     *
     * @param type {@code ServiceAccount}, {@code ServiceAgent}, …; empty for all types
     */
    record ResourceSet(String text, Owner owner, String type) implements IamMember {}

    /** The identity of an AI agent, {@code agents.global.org-N.system.id.goog}. */
    record AgentIdentity(String text, Owner owner) implements IamMember {}

    /** Whoever holds a basic role on a project: {@code projectOwner:}, {@code projectEditor:}, {@code projectViewer:}. */
    record BasicRoleHolders(String text, String project) implements IamMember {
        @Override
        public Owner owner() {
            return new Owner.Project(project);
        }
    }

    /**
     * What no longer exists; its binding grants nothing unless it is undeleted.
     *
     * @param was what it was
     */
    record Deleted(String text, IamMember was) implements IamMember {
        @Override
        public Owner owner() {
            return was.owner();
        }
    }

    /** None of the forms. */
    record Unknown(String text) implements IamMember {
        @Override
        public Owner owner() {
            return new Owner.Untold();
        }
    }
}
