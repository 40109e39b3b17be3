package cmek.model;

/**
 * A principal that can decrypt with a key and is neither Anthropic nor part of the key's own project.
 *
 * @param member as it stands in the binding
 */
public record UnexpectedPrincipal(String member, String role, Kind kind) {

    /** How serious it is. */
    public enum Kind {
        /** {@code allUsers} or {@code allAuthenticatedUsers}. */
        PUBLIC,
        /** It can be mistaken for Anthropic's principal, as an attacker's account might be. */
        LOOK_ALIKE,
        /** A service account of another project: perhaps intended. */
        OUTSIDE
    }

    /** Whether nothing may be granted while it is there. */
    public boolean isBlocking() {
        return kind != Kind.OUTSIDE;
    }
}
