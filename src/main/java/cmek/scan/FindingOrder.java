package cmek.scan;

import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.Severity;
import cmek.result.Status;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** How bad a finding is. The order is written here and nowhere else. */
public final class FindingOrder {

    /** Data is lost, or about to be; then who should not read it; then what Anthropic cannot use; then the rest. */
    private static final List<Reason> WORST_FIRST = List.of(
            Reason.KEY_DELETED,
            Reason.KEY_NOT_FOUND,
            Reason.PROJECT_DELETE_REQUESTED,
            Reason.KEY_VERSION_DESTROYED,
            Reason.OLD_VERSION_LOST,
            Reason.KEY_VERSION_DESTROY_SCHEDULED,
            Reason.UNEXPECTED_PRINCIPAL,
            Reason.BILLING_DISABLED,
            Reason.KMS_API_DISABLED,
            Reason.KEY_VERSION_DISABLED,
            Reason.KEY_WITHOUT_PRIMARY,
            Reason.KEY_VERSION_GENERATION_FAILED,
            Reason.KEY_VERSION_NOT_READY,
            Reason.KEY_ACCESS_JUSTIFICATIONS,
            Reason.REPAIR_CONTESTED,
            Reason.BINDING_MISSING,
            Reason.LABEL_MISSING,
            Reason.OLD_VERSION_UNUSABLE,
            Reason.DENY_POLICY,
            Reason.KEY_PURPOSE_DIFFERS,
            Reason.KEY_ALGORITHM_DIFFERS,
            Reason.VALIDATION_FAILED,
            Reason.BINDING_CONDITIONAL,
            Reason.KEY_PROTECTION_DIFFERS,
            Reason.ORGANIZATION_POLICY,
            Reason.GOOGLE_REFUSED,
            Reason.ROTATION_OVERDUE,
            Reason.BUSY,
            Reason.NOT_REACHED,
            Reason.REVOKED_ON_PURPOSE,
            Reason.REGISTERED_NOT_ATTACHED,
            Reason.ARCHIVED_WORKSPACES_ONLY,
            Reason.REGISTRATION_MISSING,
            Reason.WORKSPACE_WITHOUT_KEY,
            Reason.REGISTRATION_NOT_CANONICAL,
            Reason.DUPLICATE_REGISTRATION,
            Reason.PRINCIPALS_UNKNOWN,
            Reason.REGION_NOT_RECOMMENDED);

    /** What makes no key unhealthy. */
    private static final Set<Reason> QUIET =
            Set.of(Reason.REGISTERED_NOT_ATTACHED, Reason.ARCHIVED_WORKSPACES_ONLY, Reason.REVOKED_ON_PURPOSE);

    /** By how bad they are. */
    static final Comparator<Finding> BY_RANK = Comparator.comparingInt(finding -> rank(finding.reason()));

    private FindingOrder() {}

    /** The findings by how bad they are; equally bad ones as they came. */
    public static List<Finding> worstFirst(List<Finding> findings) {
        return findings.stream().sorted(BY_RANK).toList();
    }

    /** Whether a key is healthy with this finding. */
    public static boolean isNote(Finding finding) {
        return finding.severity() == Severity.NOTICE;
    }

    /** The status of a key with these findings. What is known to be wrong makes it unhealthy, even where something else could not be checked, or where it was revoked. */
    public static Status status(List<Finding> findings) {
        if (findings.stream().anyMatch(FindingOrder::isUnhealthy)) {
            return Status.UNHEALTHY;
        }
        if (findings.stream().anyMatch(finding -> finding.reason() == Reason.NOT_REACHED)) {
            return Status.UNREACHABLE;
        }
        if (findings.stream().anyMatch(finding -> finding.reason() == Reason.REVOKED_ON_PURPOSE)) {
            return Status.REVOKED;
        }
        return findings.isEmpty() ? Status.HEALTHY : Status.UNUSED;
    }

    private static boolean isUnhealthy(Finding finding) {
        return finding.reason() != Reason.NOT_REACHED && !QUIET.contains(finding.reason()) && !isNote(finding);
    }

    /** A reason that is not in the list is ranked before what could not be checked. */
    static int rank(Reason reason) {
        int place = WORST_FIRST.indexOf(reason);
        return place < 0 ? WORST_FIRST.indexOf(Reason.NOT_REACHED) : place;
    }
}
