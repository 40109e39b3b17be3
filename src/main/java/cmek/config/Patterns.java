package cmek.config;

import cmek.model.KmsIds;
import cmek.model.Policy;
import cmek.model.SafeText;
import cmek.model.WorkspaceId;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The entries of lists in the settings: an entry that can never match anything was meant otherwise. */
final class Patterns {

    private static final Pattern PART_OF_A_PROJECT = Pattern.compile("[a-z0-9-]*");
    private static final Pattern START_OF_A_WORKSPACE = Pattern.compile("wrkspc_[A-Za-z0-9]*");
    private static final Pattern PART_OF_A_WORKSPACE = Pattern.compile("[A-Za-z0-9]*");
    private static final Pattern LOCATION = Pattern.compile("[a-z]+-[a-z]+[0-9]+");
    private static final Pattern SERVICE_ACCOUNT = Pattern.compile("[^@\\s:]+@[^@\\s:]+\\.[^@\\s:]+");
    private static final int LONGEST_PROJECT = 30;

    private Patterns() {}

    /** The entries as they are meant. */
    static List<String> trimmed(List<String> entries) {
        return entries.stream().map(String::strip).toList();
    }

    /** What is wrong with an entry of {@code policy.allowed-projects}. */
    static Optional<String> project(String entry) {
        boolean possible = entry.contains("*")
                ? everyPart(entry, PART_OF_A_PROJECT)
                        && !entry.matches("[0-9-].*")
                        && !entry.endsWith("-")
                        && entry.replace("*", "").length() <= LONGEST_PROJECT
                : KmsIds.PROJECT.matcher(entry).matches();
        return fault(
                possible,
                entry,
                "is not a project id (6 to 30 lowercase letters, digits and dashes) or a part of one"
                        + " with * in place of the rest");
    }

    /** What is wrong with an entry of {@code policy.allowed-workspaces}; a project may stand in front. */
    static Optional<String> workspace(String entry) {
        int equals = entry.indexOf('=');
        if (equals >= 0 && project(entry.substring(0, equals)).isPresent()) {
            return fault(false, entry, "is not a workspace with a project, or a part of its id, in front");
        }
        String workspace = entry.substring(equals + 1);
        int star = workspace.indexOf('*');
        boolean possible = star < 0
                ? WorkspaceId.PATTERN.matcher(workspace).matches()
                : (START_OF_A_WORKSPACE.matcher(workspace.substring(0, star)).matches()
                                || "wrkspc_".startsWith(workspace.substring(0, star)))
                        && everyPart(workspace.substring(star).replaceFirst("\\*(wrkspc)?_", "*"), PART_OF_A_WORKSPACE);
        return fault(possible, entry, "is not a workspace id (wrkspc_…) or a part of one with * in place of the rest");
    }

    /** What is wrong with an entry of {@code policy.allowed-locations}. */
    static Optional<String> location(String entry) {
        return fault(
                LOCATION.matcher(entry).matches(),
                entry,
                "is not a single region, such as " + Policy.RECOMMENDED_REGIONS.get(0)
                        + ": keys in other locations are never allowed");
    }

    /** What is wrong with an entry of {@code google.own-service-accounts}. */
    static Optional<String> serviceAccount(String entry) {
        return fault(SERVICE_ACCOUNT.matcher(entry).matches(), entry, "is not the email address of a service account");
    }

    private static boolean everyPart(String entry, Pattern part) {
        for (String text : entry.split("\\*", -1)) {
            if (!part.matcher(text).matches()) {
                return false;
            }
        }
        return true;
    }

    private static Optional<String> fault(boolean possible, String entry, String otherwise) {
        return possible ? Optional.empty() : Optional.of(SafeText.quote(entry) + " " + otherwise);
    }
}
