package cmek.model;

import java.util.Optional;

/**
 * A principal beside Anthropic that can decrypt with a key, may let itself, or of which that cannot be told.
 *
 * @param member as it stands in the binding
 * @param role as it stands in the binding
 * @param inheritedFrom the key ring, project, folder or organization whose policy has the binding; empty for the key's own
 */
public record UnexpectedPrincipal(String member, String role, Kind kind, Optional<String> inheritedFrom) {

    /** In the key's own policy. */
    public UnexpectedPrincipal(String member, String role, Kind kind) {
        this(member, role, kind, Optional.empty());
    }

    /** What it is, the most serious first. */
    public enum Kind {
        /** {@code allUsers} or {@code allAuthenticatedUsers}. */
        PUBLIC,
        /** It can be mistaken for Anthropic's principal, as an attacker's account might be. */
        LOOK_ALIKE,
        /** A principal of another project: perhaps intended. */
        OUTSIDE,
        /** Anthropic's own, with more than its two roles let it do. */
        ANTHROPIC,
        /** A project's principal, of which cannot be told whether the project is the key's own. */
        UNKNOWN_PROJECT,
        /** An account by which one of Google's services acts, not known to be for the key's own project. */
        GOOGLE_AGENT,
        /** A form of principal of which cannot be told whose it is. */
        UNKNOWN_MEMBER,
        /** A role of which cannot be told what it permits. */
        UNKNOWN_ROLE,
        /** It may act as service accounts of the project, whatever these may do. */
        IMPERSONATOR,
        /** It was deleted; undeleted, it would have its role again. */
        DELETED,
        /** Anthropic's own, with one of its roles on more than the key. */
        ANTHROPIC_WIDER,
        /** Of the key's own project, or a person: it may change who decrypts. */
        ADMINISTRATOR
    }

    /** Whether nothing may be granted while it is there. */
    public boolean isBlocking() {
        return kind == Kind.PUBLIC || kind == Kind.LOOK_ALIKE;
    }

    /** Whether it is known to be where it perhaps should not be. */
    public boolean isProblem() {
        return kind == Kind.OUTSIDE || kind == Kind.ANTHROPIC;
    }
}
