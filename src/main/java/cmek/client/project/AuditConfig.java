package cmek.client.project;

import java.util.Set;

/**
 * One kind of audit log that a resource's policy turns on.
 *
 * @param service {@code cloudkms.googleapis.com}, {@code allServices}, …
 * @param logType {@code ADMIN_READ}, {@code DATA_READ} or {@code DATA_WRITE}
 * @param exemptedMembers whose calls are not logged in spite of it
 */
public record AuditConfig(String service, String logType, Set<String> exemptedMembers) {

    public AuditConfig {
        exemptedMembers = Set.copyOf(exemptedMembers);
    }
}
