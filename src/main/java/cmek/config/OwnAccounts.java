package cmek.config;

import java.util.Set;

/**
 * The service accounts that the functions run as.
 *
 * @param emails of those that may change a key's policy or labels
 */
public record OwnAccounts(Set<String> emails) {

    public OwnAccounts {
        emails = Set.copyOf(emails);
    }

    /** Whether a member of an IAM binding is one of them. */
    public boolean contains(String member) {
        return emails.stream().anyMatch(email -> member.equals("serviceAccount:" + email));
    }
}
