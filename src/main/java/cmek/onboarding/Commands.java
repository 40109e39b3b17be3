package cmek.onboarding;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The commands that mend things, with real values filled in and quoted for a POSIX shell. */
final class Commands {

    private static final Pattern NEEDS_NO_QUOTES = Pattern.compile("[a-zA-Z0-9@%+=:,./_-]+");

    private Commands() {}

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
        return flags.stream().map(Commands::quote).collect(Collectors.joining(" "));
    }
}
