package cmek.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The names of all settings, so that a misspelt one is not passed over in silence: a policy that nobody reads restricts
 * nothing.
 */
public final class SettingNames {

    private static final String PREFIX = "CMEK_";

    /** Of a list, which may be set entry by entry: {@code CMEK_POLICY_ALLOWED_PROJECTS_0_}. */
    private static final Pattern ENTRY = Pattern.compile("_[0-9]+_?$");

    /** What Kubernetes sets for a service whose name begins with {@code cmek-}. */
    private static final Pattern OF_THE_PLATFORM =
            Pattern.compile("CMEK_.*(_SERVICE_HOST|_SERVICE_PORT(_.*)?|_PORT(_[0-9]+_(TCP|UDP)(_.*)?)?)");

    /** Every property of {@link CmekConfig}, as a test makes sure. */
    public static final List<String> ALL = List.of(
            "anthropic.admin-key",
            "anthropic.admin-key-file",
            "anthropic.base-url",
            "anthropic.federation.rule-id",
            "anthropic.federation.service-account-id",
            "anthropic.organization-id",
            "concurrency",
            "documentation-url",
            "evidence.bucket",
            "evidence.reports-bucket",
            "google.iam-url",
            "google.kms-url",
            "google.metadata-url",
            "google.org-policy-url",
            "google.own-service-accounts",
            "google.project",
            "google.pubsub-url",
            "google.resource-manager-url",
            "google.service-usage-url",
            "google.storage-url",
            "host.serves",
            "policy.allowed-locations",
            "policy.allowed-projects",
            "policy.allowed-workspaces",
            "policy.anthropic-customer-id",
            "policy.attach-approval",
            "policy.audit-logs",
            "policy.protection-levels",
            "repair",
            "repair-after",
            "scan.concurrency",
            "scan.deadline",
            "scan.kms-reads-per-minute",
            "scan.listing-interval",
            "timing.abandoned-after",
            "timing.max-age",
            "timing.propagation-window",
            "topics.prefix");

    private static final int COST = 1;

    private SettingNames() {}

    /** The environment variable that sets a property. */
    static String variable(String property) {
        return PREFIX + property.toUpperCase(Locale.ROOT).replaceAll("[^A-Z]", "_");
    }

    /** What to say about each environment variable that looks like a setting and is none. */
    static List<String> unknown(Collection<String> environment) {
        List<String> variables = ALL.stream().map(SettingNames::variable).toList();
        List<String> faults = new ArrayList<>();
        environment.stream().sorted().forEach(name -> {
            String normal = name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
            if (normal.startsWith(PREFIX)
                    && !variables.contains(ENTRY.matcher(normal).replaceFirst(""))
                    && !OF_THE_PLATFORM.matcher(normal).matches()) {
                faults.add(name + " is not a setting"
                        + nearest(normal, variables)
                                .map(other -> "; perhaps " + other + " is meant")
                                .orElse(""));
            }
        });
        return faults;
    }

    /** The name that is the least different, unless half of it is. */
    private static Optional<String> nearest(String name, List<String> variables) {
        return variables.stream()
                .min(Comparator.comparingInt(variable -> distance(name, variable)))
                .filter(variable -> distance(name, variable) <= (variable.length() - PREFIX.length()) / 2);
    }

    /** How many letters must be added, removed or replaced to make one word of the other. */
    private static int distance(String one, String other) {
        int[] before = new int[other.length() + 1];
        for (int j = 0; j < before.length; j++) {
            before[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[before.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : COST);
                row[j] = Math.min(replaced, Math.min(before[j], row[j - 1]) + COST);
            }
            before = row;
        }
        return before[other.length()];
    }
}
