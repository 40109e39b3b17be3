package cmek.finding;

import cmek.model.AnthropicPrincipal;
import cmek.model.CryptoKeyName;
import cmek.model.KeyRingName;
import cmek.model.OrganizationLabel;
import cmek.model.ProtectionLevel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The commands that fix things, with real values filled in and quoted for a POSIX shell. */
public final class GcloudCommands {

    private static final Pattern NEEDS_NO_QUOTES = Pattern.compile("[a-zA-Z0-9@%+=:,./_-]+");

    /** A custom role: the only predefined one that would suffice is roles/cloudkms.admin, which can destroy keys. */
    private static final String ROLE = "cmekOnboarding";

    private GcloudCommands() {}

    public static String publish(String project, String topic, String message) {
        return line("gcloud pubsub topics publish", topic, List.of("--project=" + project, "--message=" + message));
    }

    /** Starts a scan, on the topic's default name. Pub/Sub refuses a message without data and attributes. */
    static String startScan() {
        return line("gcloud pubsub topics publish", "cmek-scan", List.of("--attribute=trigger=manual"));
    }

    static String createKeyRing(KeyRingName ring) {
        return line("gcloud kms keyrings create", ring.keyRing(), flags(ring.project(), ring.location()));
    }

    static String createKey(CryptoKeyName key, ProtectionLevel level, OrganizationLabel label) {
        List<String> flags = inRing(key);
        flags.add("--purpose=encryption");
        flags.add("--protection-level=" + level.name().toLowerCase(java.util.Locale.ROOT));
        flags.add("--labels=" + label);
        return line("gcloud kms keys create", key.name(), flags);
    }

    static String updateLabels(CryptoKeyName key, Map<String, String> labels) {
        List<String> flags = inRing(key);
        flags.add("--update-labels="
                + labels.entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(",")));
        return line("gcloud kms keys update", key.name(), flags);
    }

    static String removeLabel(CryptoKeyName key, String label) {
        List<String> flags = inRing(key);
        flags.add("--remove-labels=" + label);
        return line("gcloud kms keys update", key.name(), flags);
    }

    /** Who changed a key or its policy recently. */
    static String adminActivity(CryptoKeyName key) {
        return line(
                "gcloud logging read",
                "logName:cloudaudit.googleapis.com%2Factivity AND protoPayload.resourceName:\"" + key + "\"",
                List.of("--project=" + key.project(), "--freshness=1d"));
    }

    static String describeKey(CryptoKeyName key) {
        return line("gcloud kms keys describe", key.name(), inRing(key));
    }

    static String addBinding(CryptoKeyName key, String role, String member) {
        List<String> flags = inRing(key);
        flags.add("--member=" + member);
        flags.add("--role=" + role);
        // Without it gcloud asks a question as soon as any binding of the policy has a condition.
        flags.add("--condition=None");
        return line("gcloud kms keys add-iam-policy-binding", key.name(), flags);
    }

    /** From all bindings of the role, conditional ones included. */
    static String removeBinding(CryptoKeyName key, String role, String member) {
        List<String> flags = inRing(key);
        flags.add("--member=" + member);
        flags.add("--role=" + role);
        flags.add("--all");
        return line("gcloud kms keys remove-iam-policy-binding", key.name(), flags);
    }

    /**
     * The same from a policy that the key inherits.
     *
     * @param resource a key ring, {@code projects/P}, {@code folders/F} or {@code organizations/O}
     */
    static String removeInherited(CryptoKeyName key, String resource, String role, String member) {
        List<String> flags = new ArrayList<>();
        String id = resource.substring(resource.lastIndexOf('/') + 1);
        String command;
        if (resource.contains("/keyRings/")) {
            command = "gcloud kms keyrings";
            flags.addAll(flags(key.project(), key.location()));
        } else if (resource.startsWith("folders/")) {
            command = "gcloud resource-manager folders";
        } else {
            command = resource.startsWith("organizations/") ? "gcloud organizations" : "gcloud projects";
        }
        flags.add("--member=" + member);
        flags.add("--role=" + role);
        flags.add("--all");
        return line(command + " remove-iam-policy-binding", id, flags);
    }

    /** A project's number is not in any name of its keys. */
    static String describeProject(String project) {
        return line("gcloud projects describe", project, List.of("--format=value(projectNumber)"));
    }

    /** What a role permits, custom or predefined. */
    static String describeRole(String role) {
        int slash = role.lastIndexOf("/roles/");
        if (slash < 0) {
            return "gcloud iam roles describe " + quote(role);
        }
        String id = role.substring(slash + "/roles/".length());
        String owner = role.substring(0, slash);
        String name = owner.substring(owner.indexOf('/') + 1);
        return line(
                "gcloud iam roles describe",
                id,
                List.of((owner.startsWith("organizations/") ? "--organization=" : "--project=") + name));
    }

    static String getIamPolicy(CryptoKeyName key) {
        return line("gcloud kms keys get-iam-policy", key.name(), inRing(key));
    }

    static String version(String verb, CryptoKeyName key, long number) {
        List<String> flags = new ArrayList<>(List.of("--key=" + key.name()));
        flags.addAll(inRing(key));
        return line("gcloud kms keys versions " + verb, Long.toString(number), flags);
    }

    static String createPrimaryVersion(CryptoKeyName key) {
        List<String> flags = new ArrayList<>(List.of("--key=" + key.name()));
        flags.addAll(inRing(key));
        flags.add("--primary");
        return "gcloud kms keys versions create " + joined(flags);
    }

    static String enableKmsApi(String project) {
        return "gcloud services enable cloudkms.googleapis.com " + joined(List.of("--project=" + project));
    }

    /** In gcloud's current project: which project's quota our calls use is not known here. */
    static String enableApi(String service) {
        return "gcloud services enable " + quote(service);
    }

    static String createRole(String project, Collection<String> permissions) {
        return line(
                "gcloud iam roles create",
                ROLE,
                List.of("--project=" + project, "--permissions=" + String.join(",", permissions)));
    }

    static String bindRole(String project) {
        return line(
                "gcloud projects add-iam-policy-binding",
                project,
                List.of(
                        "--member=serviceAccount:FUNCTION_SERVICE_ACCOUNT",
                        "--role=projects/" + project + "/roles/" + ROLE,
                        "--condition=None"));
    }

    /**
     * Turns on both logs of Cloud KMS, removes Anthropic from every exemption, and leaves all else as it is. A second
     * run changes nothing; the etag in the file guards against a change in between.
     */
    static List<String> turnOnAuditLogs(String project) {
        String read = project + "-policy.json";
        String written = project + "-policy-with-audit-logs.json";
        String filter = "def ensure($type): if any(.auditLogConfigs[]?; .logType == $type) then ."
                + " else .auditLogConfigs += [{logType: $type}] end;"
                + " (.auditConfigs //= [])"
                + " | if any(.auditConfigs[]; .service == \"cloudkms.googleapis.com\") then ."
                + " else .auditConfigs += [{service: \"cloudkms.googleapis.com\", auditLogConfigs: []}] end"
                + " | (.auditConfigs[] | select(.service == \"cloudkms.googleapis.com\"))"
                + " |= (ensure(\"DATA_READ\") | ensure(\"DATA_WRITE\"))"
                + " | (.auditConfigs[].auditLogConfigs[] | select(.exemptedMembers) | .exemptedMembers)"
                + " -= [\"" + AnthropicPrincipal.MEMBER + "\", \"allUsers\", \"allAuthenticatedUsers\"]";
        return List.of(
                line("gcloud projects get-iam-policy", project, List.of("--format=json")) + " > " + quote(read),
                "jq " + quote(filter) + " " + quote(read) + " > " + quote(written),
                line("gcloud projects set-iam-policy", project, List.of(written)));
    }

    /** Adds Anthropic to the members that the project's effective policy allows, and leaves all else as it is. */
    static List<String> allowMember(String project) {
        String constraint = OrganizationConstraints.POLICY_MEMBERS;
        String file = project + "-allowed-policy-members.json";
        String filter = "{name: \"projects/" + project + "/policies/" + constraint
                + "\", spec: {rules: [.spec.rules[] | .parameters.allowedMemberSubjects"
                + " = ((.parameters.allowedMemberSubjects // []) + [\"" + AnthropicPrincipal.MEMBER
                + "\"] | unique)]}}";
        return List.of(
                describePolicy(constraint, project) + " --format=json | jq " + quote(filter) + " > " + quote(file),
                "gcloud org-policies set-policy " + quote(file));
    }

    /** Exempts the project from the constraint: Anthropic's customer id is not published, so it cannot be added. */
    static List<String> liftMemberDomains(String project) {
        String constraint = OrganizationConstraints.MEMBER_DOMAINS;
        String file = project + "-allowed-policy-member-domains.json";
        String policy = "{\"name\": \"projects/" + project + "/policies/" + constraint
                + "\", \"spec\": {\"rules\": [{\"allowAll\": true}]}}";
        return List.of("echo " + quote(policy) + " > " + quote(file), "gcloud org-policies set-policy " + quote(file));
    }

    static String deletePolicy(String constraint, String project) {
        return line("gcloud org-policies delete", constraint, List.of("--project=" + project));
    }

    static String linkBilling(String project) {
        return line("gcloud billing projects link", project, List.of("--billing-account=BILLING_ACCOUNT_ID"));
    }

    static String locations(String project) {
        return "gcloud kms locations list " + joined(List.of("--project=" + project));
    }

    static String describePolicy(String constraint, String project) {
        return line("gcloud org-policies describe", constraint, List.of("--effective", "--project=" + project));
    }

    static String quote(String argument) {
        return NEEDS_NO_QUOTES.matcher(argument).matches() ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    private static List<String> inRing(CryptoKeyName key) {
        List<String> flags = new ArrayList<>(List.of("--keyring=" + key.keyRing()));
        flags.addAll(flags(key.project(), key.location()));
        return flags;
    }

    private static List<String> flags(String project, String location) {
        return List.of("--location=" + location, "--project=" + project);
    }

    private static String line(String command, String argument, List<String> flags) {
        return command + " " + quote(argument) + " " + joined(flags);
    }

    private static String joined(List<String> flags) {
        return flags.stream().map(GcloudCommands::quote).collect(Collectors.joining(" "));
    }
}
