package cmek.finding;

import cmek.model.AnthropicPrincipal;
import cmek.model.CryptoKeyName;
import cmek.model.OrganizationLabel;
import cmek.model.ProtectionLevel;
import cmek.model.SafeText;
import cmek.model.UnexpectedPrincipal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What can be wrong with a key, its versions, its label and its grants, each with the commands that fix it. */
public final class KeyFindings {

    private KeyFindings() {}

    public static Finding keyRingNotFound(CryptoKeyName key, ProtectionLevel level, OrganizationLabel label) {
        List<String> remedy = new ArrayList<>(List.of(GcloudCommands.createKeyRing(key.ring())));
        remedy.addAll(keyNotFound(key, level, label).remedy());
        return new Finding(Reason.KEY_NOT_FOUND, "the key ring " + key.ring() + " does not exist", remedy);
    }

    public static Finding keyNotFound(CryptoKeyName key, ProtectionLevel level, OrganizationLabel label) {
        return new Finding(
                Reason.KEY_NOT_FOUND,
                "the key " + key + " does not exist",
                List.of(
                        GcloudCommands.createKey(key, level, label),
                        GcloudCommands.addBinding(
                                key, AnthropicPrincipal.ENCRYPTER_DECRYPTER, AnthropicPrincipal.MEMBER),
                        GcloudCommands.addBinding(key, AnthropicPrincipal.VIEWER, AnthropicPrincipal.MEMBER)));
    }

    public static Finding purposeDiffers(CryptoKeyName key, String purpose) {
        return immutable(Reason.KEY_PURPOSE_DIFFERS, key, "purpose", purpose, "ENCRYPT_DECRYPT");
    }

    public static Finding algorithmDiffers(CryptoKeyName key, String algorithm) {
        return immutable(Reason.KEY_ALGORITHM_DIFFERS, key, "algorithm", algorithm, "GOOGLE_SYMMETRIC_ENCRYPTION");
    }

    public static Finding protectionDiffers(CryptoKeyName key, String level, Collection<ProtectionLevel> wanted) {
        return immutable(
                Reason.KEY_PROTECTION_DIFFERS, key, "protection level", level, new TreeSet<>(wanted).toString());
    }

    private static Finding immutable(Reason reason, CryptoKeyName key, String what, String found, String wanted) {
        return new Finding(
                reason,
                "the " + what + " of " + key + " is " + SafeText.sanitize(found, 60) + " and must be " + wanted,
                List.of(
                        GcloudCommands.describeKey(key),
                        "a key's " + what + " cannot be changed: publish the request with another key's name"));
    }

    public static Finding withoutPrimary(CryptoKeyName key) {
        return new Finding(
                Reason.KEY_WITHOUT_PRIMARY,
                "the key " + key + " has no primary version to encrypt with",
                List.of(GcloudCommands.createPrimaryVersion(key)));
    }

    /**
     * The primary version cannot be used.
     *
     * @param state Cloud KMS' word
     * @param destroyTime when a scheduled destruction becomes final
     */
    public static Finding primaryUnusable(
            CryptoKeyName key, long version, String state, @Nullable Instant destroyTime) {
        String name = key + "/cryptoKeyVersions/" + version;
        return switch (state) {
            case "DISABLED" ->
                new Finding(
                        Reason.KEY_VERSION_DISABLED,
                        "the primary version " + name + " is disabled",
                        List.of(GcloudCommands.version("enable", key, version)));
            case "DESTROY_SCHEDULED" ->
                new Finding(
                        Reason.KEY_VERSION_DESTROY_SCHEDULED,
                        "the primary version " + name + " will be destroyed"
                                + (destroyTime == null ? "" : " at " + destroyTime)
                                + "; data that is encrypted under it will be lost",
                        List.of(
                                GcloudCommands.version("restore", key, version),
                                GcloudCommands.version("enable", key, version)));
            default ->
                new Finding(
                        Reason.KEY_VERSION_DESTROYED,
                        "the primary version " + name + " is " + SafeText.sanitize(state, 40) + " and cannot be used",
                        List.of(GcloudCommands.createPrimaryVersion(key)));
        };
    }

    /** A version's number and Cloud KMS' word for its state. */
    public record VersionState(long number, String state) {}

    /**
     * Versions under which data may be wrapped cannot be used.
     *
     * @param versions those that are not enabled, at least one
     */
    public static Finding oldVersionUnusable(CryptoKeyName key, List<VersionState> versions) {
        List<String> remedy = new ArrayList<>();
        for (VersionState version : versions) {
            if (version.state().equals("DESTROY_SCHEDULED")) {
                remedy.add(GcloudCommands.version("restore", key, version.number()));
            }
            if (List.of("DESTROY_SCHEDULED", "DISABLED").contains(version.state())) {
                remedy.add(GcloudCommands.version("enable", key, version.number()));
            }
        }
        remedy.add("data that was encrypted while such a version was primary cannot be read without it");
        return new Finding(
                Reason.OLD_VERSION_UNUSABLE,
                "the key " + key + " has versions that cannot be used: "
                        + versions.stream()
                                .map(version -> version.number() + " is " + SafeText.sanitize(version.state(), 40))
                                .collect(Collectors.joining(", ")),
                remedy);
    }

    public static Finding labelMissing(CryptoKeyName key, OrganizationLabel label) {
        return new Finding(
                Reason.LABEL_MISSING,
                "the key " + key + " lacks the label " + label,
                List.of(GcloudCommands.updateLabels(key, Map.of(label.key(), OrganizationLabel.VALUE))));
    }

    public static Finding labelsFull(CryptoKeyName key, OrganizationLabel label) {
        return new Finding(
                Reason.LABELS_FULL,
                "the key " + key + " has " + OrganizationLabel.LABELS_AT_MOST
                        + " labels already; no more fit, so it cannot get " + label,
                List.of(
                        GcloudCommands.describeKey(key),
                        "remove a label that is not needed (gcloud kms keys update … --remove-labels=…), "
                                + Instructions.PUBLISH_AGAIN));
    }

    /**
     * Anthropic was never granted what it needs.
     *
     * @param roles those that are missing
     */
    public static Finding bindingMissing(CryptoKeyName key, List<String> roles) {
        return new Finding(
                Reason.BINDING_MISSING,
                AnthropicPrincipal.MEMBER + " lacks " + String.join(" and ", roles) + " on " + key,
                roles.stream()
                        .map(role -> GcloudCommands.addBinding(key, role, AnthropicPrincipal.MEMBER))
                        .toList());
    }

    /**
     * A grant under a condition does not count as a grant.
     *
     * @param roles those that are bound only under a condition
     */
    public static Finding bindingConditional(CryptoKeyName key, List<String> roles) {
        return new Finding(
                Reason.BINDING_CONDITIONAL,
                AnthropicPrincipal.MEMBER + " holds " + String.join(" and ", roles) + " on " + key
                        + " only under a condition, which may fail at any time",
                roles.stream()
                        .map(role -> GcloudCommands.addBinding(key, role, AnthropicPrincipal.MEMBER))
                        .toList());
    }

    /** Someone else can decrypt. */
    public static Finding unexpectedPrincipal(CryptoKeyName key, UnexpectedPrincipal unexpected) {
        String member = SafeText.sanitize(unexpected.member(), 200);
        String who = switch (unexpected.kind()) {
            case PUBLIC -> member + ", which is everyone,";
            case LOOK_ALIKE ->
                member + ", which looks like Anthropic's principal " + AnthropicPrincipal.MEMBER + " but is not,";
            case OUTSIDE -> member + ", a service account of another project,";
        };
        return new Finding(
                Reason.UNEXPECTED_PRINCIPAL,
                who + " holds " + SafeText.sanitize(unexpected.role(), 100) + " on " + key,
                List.of(
                        GcloudCommands.removeBinding(key, unexpected.role(), unexpected.member()),
                        unexpected.isBlocking()
                                ? "find out who granted it (SetIamPolicy in the audit logs of project " + key.project()
                                        + "), " + Instructions.PUBLISH_AGAIN
                                : "nothing to do if that account is meant to decrypt"));
    }

    /** An existing key differs from what the request would have created, in ways that do no harm. */
    public static Finding settingsDiffer(CryptoKeyName key, List<String> differences) {
        return new Finding(
                Reason.KEY_SETTINGS_DIFFER,
                "the key " + key + " exists and is left as it is: " + String.join(", ", differences),
                List.of(GcloudCommands.describeKey(key)));
    }
}
