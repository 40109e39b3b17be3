package cmek.model;

import java.util.List;

/**
 * Anthropic's principal and what it is granted. A constant of the program on purpose: the guide says never to trust an
 * identifier that arrives by any channel, so it cannot be changed by a field, a setting or a header.
 */
public final class AnthropicPrincipal {

    /** Anthropic's service account for keys in the United States, as its guide publishes it. */
    public static final String EMAIL = "anthropic-cmek-client-us@gcp-anthropic-cmek-clients.iam.gserviceaccount.com";

    /** The same, as a member of an IAM binding. */
    public static final String MEMBER = "serviceAccount:" + EMAIL;

    /** Lets Anthropic wrap and unwrap data keys. */
    public static final String ENCRYPTER_DECRYPTER = "roles/cloudkms.cryptoKeyEncrypterDecrypter";

    /** Lets Anthropic read the key's purpose and algorithm before it trusts it. */
    public static final String VIEWER = "roles/cloudkms.viewer";

    /** Both roles, in the order the guide grants them. */
    public static final List<String> ROLES = List.of(ENCRYPTER_DECRYPTER, VIEWER);

    private AnthropicPrincipal() {}

    /**
     * Whether a member of a binding is this account as it was before it was deleted: it holds nothing, even where an account
     * of the same name exists again.
     */
    public static boolean isDeleted(String member) {
        return member.startsWith("deleted:" + MEMBER + "?uid=");
    }
}
