package cmek.model;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the operators of the service let others request. Empty lists allow nothing.
 *
 * @param allowedProjects project ids, in which {@code *} stands for any characters
 * @param allowedWorkspaces {@code WORKSPACE}, for keys of any project, or {@code PROJECT=WORKSPACE}; {@code *} stands for
 *     any characters on either side
 * @param allowedLocations Cloud KMS locations, exactly
 * @param auditLogs what happens when Anthropic's use of a key would not be logged
 * @param attachApproval whether someone else must approve before a key is attached
 */
public record Policy(
        List<String> allowedProjects,
        List<String> allowedWorkspaces,
        List<String> allowedLocations,
        Set<ProtectionLevel> protectionLevels,
        AuditLogs auditLogs,
        AttachApproval attachApproval) {

    /** Whether attaching needs the approval of a second person. */
    public enum AttachApproval {
        NONE,
        /** A message on the topic for approvals, which has other publishers than the topic for requests. */
        REQUIRED
    }

    /** What audit logs that are off mean. */
    public enum AuditLogs {
        /** The result warns. */
        WARN,
        /** The request is refused. What cannot be known stays a warning. */
        REQUIRE
    }

    /** The nine single regions in the United States that have Cloud KMS with HSM. */
    public static final List<String> US_REGIONS = List.of(
            "us-central1",
            "us-east1",
            "us-east4",
            "us-east5",
            "us-south1",
            "us-west1",
            "us-west2",
            "us-west3",
            "us-west4");

    /** The regions that Anthropic's guide recommends. */
    public static final List<String> RECOMMENDED_REGIONS = List.of("us-central1", "us-east5");

    private static final Pattern SINGLE_REGION = Pattern.compile("[a-z]+-[a-z]+[0-9]+");

    public Policy {
        allowedProjects = List.copyOf(allowedProjects);
        allowedWorkspaces = List.copyOf(allowedWorkspaces);
        allowedLocations = List.copyOf(allowedLocations);
        protectionLevels = Set.copyOf(protectionLevels);
    }

    /** With audit logs that are off as a warning, and no approval. */
    public Policy(
            List<String> allowedProjects,
            List<String> allowedWorkspaces,
            List<String> allowedLocations,
            Set<ProtectionLevel> protectionLevels) {
        this(
                allowedProjects,
                allowedWorkspaces,
                allowedLocations,
                protectionLevels,
                AuditLogs.WARN,
                AttachApproval.NONE);
    }

    public boolean allowsProject(String project) {
        return matchesAny(allowedProjects, project);
    }

    /** Whether a key of some project may be attached to this workspace. */
    public boolean allowsWorkspace(WorkspaceId workspace) {
        return allowedWorkspaces.stream()
                .anyMatch(entry -> matches(entry.substring(entry.indexOf('=') + 1), workspace.value()));
    }

    /** Whether a key of this project may be attached to this workspace. */
    public boolean allowsWorkspace(String project, WorkspaceId workspace) {
        return allowedWorkspaces.stream().anyMatch(entry -> {
            int sign = entry.indexOf('=');
            return (sign < 0 || matches(entry.substring(0, sign), project))
                    && matches(entry.substring(sign + 1), workspace.value());
        });
    }

    /** Multi-regions, dual regions and {@code global} are never allowed, whatever the list says. */
    public boolean allowsLocation(String location) {
        return SINGLE_REGION.matcher(location).matches() && allowedLocations.contains(location);
    }

    public boolean allows(ProtectionLevel level) {
        return protectionLevels.contains(level);
    }

    private static boolean matchesAny(List<String> patterns, String value) {
        return patterns.stream().anyMatch(pattern -> matches(pattern, value));
    }

    private static boolean matches(String pattern, String value) {
        return Wildcards.compile(pattern, ".*").matcher(value).matches();
    }
}
