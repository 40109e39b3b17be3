package cmek.model;

/**
 * Somebody who can decrypt with a key and is neither Anthropic nor of the key's own project.
 *
 * @param member as it stands in the binding
 */
public record UnexpectedPrincipal(String member, String role, Kind kind) {

    /** How bad it is. */
    public enum Kind {
        /** {@code allUsers} or {@code allAuthenticatedUsers}. */
        PUBLIC,
        /** It can be mistaken for Anthropic's principal, which is how one is smuggled in. */
        LOOK_ALIKE,
        /** A service account of another project: perhaps meant so. */
        OUTSIDE
    }

    /** Whether nothing may be granted while it is there. */
    public boolean isBlocking() {
        return kind != Kind.OUTSIDE;
    }
}
