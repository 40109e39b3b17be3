package cmek.finding;

import cmek.model.AnthropicPrincipal;
import cmek.model.CryptoKeyName;
import cmek.model.KeyRingName;
import cmek.model.OnboardingRequest;
import cmek.model.OrganizationLabel;
import cmek.model.ProtectionLevel;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The commands that fix things, with real values filled in and quoted for a POSIX shell. */
public final class GcloudCommands {

    private static final Pattern NEEDS_NO_QUOTES = Pattern.compile("[a-zA-Z0-9@%+=:,./_-]+");

    /** A custom role: the only predefined one that would suffice is roles/cloudkms.admin, which can destroy keys. */
    private static final String ROLE = "cmekOnboarding";

    private static final String IMPORT_JOB = "cmek-import";

    private GcloudCommands() {}

    public static String publish(String project, String topic, String message) {
        return line("gcloud pubsub topics publish", topic, List.of("--project=" + project, "--message=" + message));
    }

    /** Starts a scan, on the topic's default name. Pub/Sub refuses a message without data and attributes. */
    static String startScan() {
        return line("gcloud pubsub topics publish", "cmek-scan", List.of("--attribute=trigger=manual"));
    }

    /** Deletes an object of the evidence bucket. */
    static String deleteObject(String url) {
        return "gcloud storage rm " + quote(url);
    }

    static String createKeyRing(KeyRingName ring) {
        return line("gcloud kms keyrings create", ring.keyRing(), flags(ring.project(), ring.location()));
    }

    /**
     * Creates the key that a request asks for, with everything that cannot be changed later.
     *
     * @param now from which the first rotation is counted
     */
    static String createKey(OnboardingRequest request, OrganizationLabel label, Instant now) {
        List<String> flags = inRing(request.key());
        flags.add("--purpose=encryption");
        flags.add("--protection-level="
                + request.protectionLevelToCreate()
                        .name()
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-'));
        if (request.protectionLevelToCreate() == ProtectionLevel.HSM_SINGLE_TENANT) {
            flags.add("--crypto-key-backend=SINGLE_TENANT_HSM_INSTANCE");
        }
        request.rotationPeriod().ifPresent(period -> {
            flags.add("--rotation-period=" + duration(period));
            flags.add("--next-rotation-time=" + now.plus(period).truncatedTo(ChronoUnit.SECONDS));
        });
        request.destroyScheduledDuration()
                .ifPresent(destroyed -> flags.add("--destroy-scheduled-duration=" + duration(destroyed)));
        flags.add("--labels=" + labels(label.mergedInto(request.labels())));
        return line("gcloud kms keys create", request.key().name(), flags);
    }

    /** As {@code gcloud} takes it: a whole number and a unit. */
    private static String duration(Duration duration) {
        return duration.equals(Duration.ofDays(duration.toDays()))
                ? duration.toDays() + "d"
                : duration.toSeconds() + "s";
    }

    private static String labels(Map<String, String> labels) {
        return new TreeMap<>(labels)
                .entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(","));
    }

    static String updateLabels(CryptoKeyName key, Map<String, String> labels) {
        List<String> flags = inRing(key);
        flags.add("--update-labels=" + labels(labels));
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

    /** Who deleted a key, as far back as Admin Activity logs go. */
    static String deletions(CryptoKeyName key) {
        return line(
                "gcloud logging read",
                "logName:cloudaudit.googleapis.com%2Factivity AND protoPayload.methodName:DeleteCryptoKey"
                        + " AND protoPayload.resourceName:\"" + key + "\"",
                List.of("--project=" + key.project(), "--freshness=400d"));
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

    static String setPrimaryVersion(CryptoKeyName key, long number) {
        List<String> flags = new ArrayList<>(List.of("--version=" + number));
        flags.addAll(inRing(key));
        return line("gcloud kms keys set-primary-version", key.name(), flags);
    }

    static String listVersions(CryptoKeyName key) {
        List<String> flags = new ArrayList<>(List.of("--key=" + key.name()));
        flags.addAll(inRing(key));
        return "gcloud kms keys versions list " + joined(flags);
    }

    static String createImportJob(CryptoKeyName key, String level) {
        List<String> flags = inRing(key);
        flags.add("--import-method=rsa-oaep-3072-sha256-aes-256");
        flags.add("--protection-level=" + level);
        return line("gcloud kms import-jobs create", IMPORT_JOB, flags);
    }

    /**
     * Imports key material, which only its owner has: what stands in capitals is for a person to fill in.
     *
     * @param number of the version that is imported again; empty for a new version
     */
    static String importVersion(CryptoKeyName key, OptionalLong number) {
        List<String> flags = new ArrayList<>(List.of("--key=" + key.name()));
        flags.addAll(inRing(key));
        flags.add("--import-job=" + IMPORT_JOB);
        flags.add("--algorithm=google-symmetric-encryption");
        number.ifPresent(version -> flags.add("--version=" + version));
        flags.add("--target-key-file=FILE");
        return "gcloud kms keys versions import " + joined(flags);
    }

    static String undeleteProject(String project) {
        return "gcloud projects undelete " + quote(project);
    }

    static String enableKmsApi(String project) {
        return "gcloud services enable cloudkms.googleapis.com " + joined(List.of("--project=" + project));
    }

    /**
     * Enables an API.
     *
     * @param project empty means gcloud's current one: which project's quota our calls use is not known here
     */
    static String enableApi(String service, Optional<String> project) {
        return "gcloud services enable " + quote(service)
                + project.map(id -> " " + quote("--project=" + id)).orElse("");
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

    /**
     * Adds a customer to those whose members the project's effective policy allows, and leaves all else as it is.
     *
     * @param customerId {@code C0…}
     */
    static List<String> allowCustomer(String project, String customerId) {
        String constraint = OrganizationConstraints.MEMBER_DOMAINS;
        String file = project + "-allowed-policy-member-domains.json";
        String filter = "{name: \"projects/" + project + "/policies/" + constraint
                + "\", spec: {rules: [.spec.rules[] | if .values then .values.allowedValues"
                + " = ((.values.allowedValues // []) + [\"is:" + customerId + "\"] | unique) else . end]}}";
        return List.of(
                describePolicy(constraint, project) + " --format=json | jq " + quote(filter) + " > " + quote(file),
                "gcloud org-policies set-policy " + quote(file));
    }

    /**
     * Lifts the constraint in the project for as long as the grant takes, and restores what was: Anthropic's customer id is
     * not published, so it cannot be added. A project without a policy of its own gets one that says what it inherits, so
     * that nothing needs to be deleted. Where the grant fails, the policy is restored all the same.
     */
    static List<String> grantDespiteMemberDomains(CryptoKeyName key) {
        String constraint = OrganizationConstraints.MEMBER_DOMAINS;
        String policy = "{\"name\": \"projects/" + key.project() + "/policies/" + constraint + "\", \"spec\": ";
        String front = key.project() + "-allowed-policy-member-domains-";
        String saved = quote(front + "saved.json");
        String lifted = quote(front + "lifted.json");
        String restored = quote(front + "restored.json");
        List<String> commands = new ArrayList<>();
        commands.add(line("gcloud org-policies describe", constraint, List.of("--project=" + key.project()))
                + " --format=json > " + saved + " || echo "
                + quote(policy + "{\"inheritFromParent\": true}}") + " > " + saved);
        // With the etag of before, the policy could not be written back.
        commands.add("jq " + quote("del(.etag, .spec.etag, .spec.updateTime)") + " " + saved + " > " + restored);
        commands.add("echo " + quote(policy + "{\"rules\": [{\"allowAll\": true}]}}") + " > " + lifted);
        commands.add("gcloud org-policies set-policy " + lifted);
        commands.add("sleep 900");
        for (String role : AnthropicPrincipal.ROLES) {
            commands.add(addBinding(key, role, AnthropicPrincipal.MEMBER));
        }
        commands.add("gcloud org-policies set-policy " + restored);
        return commands;
    }

    /** Answers for certain, deny policies and principal access boundaries included, and changes nothing. */
    static String troubleshoot(CryptoKeyName key) {
        return line(
                "gcloud policy-intelligence troubleshoot-policy iam",
                "//cloudkms.googleapis.com/" + key,
                List.of(
                        "--permission=cloudkms.cryptoKeyVersions.useToDecrypt",
                        "--principal-email=" + AnthropicPrincipal.EMAIL));
    }

    static String describeDenyPolicy(String resource, String id) {
        return line("gcloud iam policies get", id, denyPolicy(resource)) + " --format=json";
    }

    /** Excepts Anthropic from the rules of a deny policy that are about Cloud KMS, and leaves all else as it is. */
    static List<String> exceptFromDenyPolicy(String resource, String id) {
        String front = resource.replace('/', '-') + "-" + id;
        String read = quote(front + ".json");
        String written = quote(front + "-with-exception.json");
        String filter = "(.rules[].denyRule | select(any(.deniedPermissions[];"
                + " startswith(\"cloudkms.googleapis.com/\")))).exceptionPrincipals"
                + " |= ((. // []) + [\"principal://iam.googleapis.com/projects/-/serviceAccounts/"
                + AnthropicPrincipal.EMAIL + "\"] | unique)";
        return List.of(
                describeDenyPolicy(resource, id) + " > " + read,
                "jq " + quote(filter) + " " + read + " > " + written,
                line("gcloud iam policies update", id, denyPolicy(resource)) + " --policy-file=" + written);
    }

    private static List<String> denyPolicy(String resource) {
        return List.of(
                "--attachment-point=cloudresourcemanager.googleapis.com%2F" + resource.replace("/", "%2F"),
                "--kind=denypolicies");
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
