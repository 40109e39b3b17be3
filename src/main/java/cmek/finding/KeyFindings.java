package cmek.finding;

import cmek.model.AnthropicPrincipal;
import cmek.model.CryptoKeyName;
import cmek.model.EventTime;
import cmek.model.OnboardingRequest;
import cmek.model.OrganizationLabel;
import cmek.model.ProtectionLevel;
import cmek.model.SafeText;
import cmek.model.UnexpectedPrincipal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What can be wrong with a key, its versions, its label and its grants, each with the commands that fix it. */
public final class KeyFindings {

    /** In one message or remedy. */
    private static final int LISTED_AT_MOST = 15;

    private KeyFindings() {}

    /**
     * The key of a request, and its ring, do not exist and nobody may create them here.
     *
     * @param now from which the first rotation is counted
     */
    public static Finding keyRingNotFound(OnboardingRequest request, OrganizationLabel label, Instant now) {
        List<String> remedy = new ArrayList<>(
                List.of(GcloudCommands.createKeyRing(request.key().ring())));
        remedy.addAll(keyNotFound(request, label, now).remedy());
        return new Finding(Reason.KEY_NOT_FOUND, "the key ring " + request.key().ring() + " does not exist", remedy);
    }

    /**
     * The key of a request does not exist and nobody may create it here.
     *
     * @param now from which the first rotation is counted
     */
    public static Finding keyNotFound(OnboardingRequest request, OrganizationLabel label, Instant now) {
        CryptoKeyName key = request.key();
        List<String> remedy = new ArrayList<>();
        if (request.protectionLevelToCreate() == ProtectionLevel.HSM_SINGLE_TENANT) {
            remedy.add("create the key with the full resource name of your single-tenant HSM instance in place of"
                    + " SINGLE_TENANT_HSM_INSTANCE: " + GcloudCommands.createKey(request, label, now));
        } else {
            remedy.add(GcloudCommands.createKey(request, label, now));
        }
        remedy.add(GcloudCommands.addBinding(key, AnthropicPrincipal.ENCRYPTER_DECRYPTER, AnthropicPrincipal.MEMBER));
        remedy.add(GcloudCommands.addBinding(key, AnthropicPrincipal.VIEWER, AnthropicPrincipal.MEMBER));
        return new Finding(Reason.KEY_NOT_FOUND, "the key " + key + " does not exist", remedy);
    }

    /**
     * A registered key that does not exist, and of which nobody can say whether it ever did. No command creates it: if it was
     * deleted, another key of its name could not read its data.
     *
     * @param lost what is lost if it was deleted, as a person is told; empty when nothing is
     */
    public static Finding registeredKeyNotFound(CryptoKeyName key, String lost) {
        return new Finding(
                Reason.KEY_NOT_FOUND,
                "the key " + key + " is registered at Anthropic and does not exist: it was deleted, or it never existed"
                        + (lost.isEmpty() ? "" : "; if it was deleted, " + lost),
                List.of(
                        GcloudCommands.deletions(key),
                        "if the log shows that the key was deleted, it cannot be brought back: see KEY_DELETED; if it"
                                + " never existed, correct the name in the request or in the registration"));
    }

    /**
     * A registered key that existed and was deleted.
     *
     * @param lost what is lost with it, as a person is told; empty when nothing is
     */
    public static Finding keyDeleted(CryptoKeyName key, Optional<Instant> deletedAt, String lost) {
        return new Finding(
                Reason.KEY_DELETED,
                "the key " + key + " was deleted"
                        + deletedAt.map(at -> " at " + EventTime.written(at)).orElse("")
                        + " and cannot be brought back; its name can never be used again"
                        + (lost.isEmpty() ? "" : "; " + lost),
                List.of(
                        "ask Anthropic's support what can still be read and what happens to the workspaces; a new key,"
                                + " under another name, cannot read data that was encrypted under this one",
                        "the owner of the project sees in its audit log who deleted the key: "
                                + GcloudCommands.deletions(key)));
    }

    /** The name that a request asks for was that of a key that was deleted. */
    public static Finding nameRetired(CryptoKeyName key, Optional<Instant> deletedAt) {
        return new Finding(
                Reason.KEY_NAME_RETIRED,
                "a key " + key + " was deleted"
                        + deletedAt.map(at -> " at " + EventTime.written(at)).orElse("")
                        + "; Cloud KMS never gives its name to another key",
                List.of("publish the request with another key's name"));
    }

    /** A key that only its owner can create, because it needs a single-tenant HSM instance. */
    public static Finding singleTenantNotCreated(OnboardingRequest request, OrganizationLabel label, Instant now) {
        Finding finding = keyNotFound(request, label, now);
        List<String> remedy = new ArrayList<>(finding.remedy());
        remedy.add(Instructions.PUBLISH_AGAIN);
        return finding.message(finding.message() + ", and this service does not create keys of protection level "
                        + ProtectionLevel.HSM_SINGLE_TENANT)
                .remedy(remedy);
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

    /** The policy permits the level; what Anthropic does with such a key nobody here knows. */
    public static Finding singleTenant(CryptoKeyName key) {
        return new Finding(
                        Reason.KEY_PROTECTION_DIFFERS,
                        "the protection level of " + key + " is " + ProtectionLevel.HSM_SINGLE_TENANT
                                + ", which the policy permits; whether Anthropic supports it is not known",
                        List.of("ask Anthropic whether it supports single-tenant HSM keys before attaching the key"))
                .as(Severity.NOTICE)
                .actor(Actor.REQUESTER);
    }

    /** A policy that denies every use of the key. */
    public static Finding everyAccessDenied(CryptoKeyName key) {
        return new Finding(
                Reason.KEY_ACCESS_JUSTIFICATIONS,
                "the Key Access Justifications policy of " + key
                        + " has an empty list of allowed reasons, so every use of" + " the key is denied",
                List.of(
                        GcloudCommands.describeKey(key),
                        "allow the reasons that Anthropic's use carries in the key's Key Access Justifications policy"
                                + " (Anthropic does not publish which; ask its support), or remove the policy, "
                                + Instructions.PUBLISH_AGAIN));
    }

    /** A policy that may or may not allow Anthropic's use. */
    public static Finding accessReasonsRestricted(CryptoKeyName key, Collection<String> allowed) {
        return new Finding(
                        Reason.KEY_ACCESS_JUSTIFICATIONS,
                        "the Key Access Justifications policy of " + key + " allows only "
                                + SafeText.sanitize(String.join(", ", new TreeSet<>(allowed)), 500)
                                + "; which reason Anthropic's use carries is not known",
                        List.of("nothing to do while Anthropic's validation succeeds; otherwise ask Anthropic's support"
                                + " which reasons its use carries"))
                .as(Severity.NOTICE);
    }

    private static Finding immutable(Reason reason, CryptoKeyName key, String what, String found, String wanted) {
        return new Finding(
                reason,
                "the " + what + " of " + key + " is " + SafeText.sanitize(found, 60) + " and must be " + wanted,
                List.of(
                        GcloudCommands.describeKey(key),
                        "a key's " + what + " cannot be changed: publish the request with another key's name"));
    }

    /**
     * What can become the primary version of a key.
     *
     * @param importOnly whether versions can only be imported
     * @param protectionLevel of the key, in Cloud KMS' word
     * @param versions absent where they could not be read
     */
    public record Candidates(boolean importOnly, String protectionLevel, Optional<List<VersionState>> versions) {

        public Candidates {
            versions = versions.map(List::copyOf);
        }
    }

    public static Finding withoutPrimary(CryptoKeyName key, Candidates candidates) {
        return new Finding(
                Reason.KEY_WITHOUT_PRIMARY,
                "the key " + key + " has no primary version to encrypt with",
                newPrimary(key, candidates));
    }

    /** How the key gets a primary version that can be used: one that is there before a new one. */
    private static List<String> newPrimary(CryptoKeyName key, Candidates candidates) {
        for (String state : List.of("ENABLED", "DISABLED", "DESTROY_SCHEDULED")) {
            OptionalLong newest = candidates.versions().orElse(List.of()).stream()
                    .filter(version -> version.state().equals(state))
                    .mapToLong(VersionState::number)
                    .max();
            if (newest.isPresent()) {
                List<String> remedy = new ArrayList<>(enabling(key, new VersionState(newest.getAsLong(), state)));
                remedy.add(GcloudCommands.setPrimaryVersion(key, newest.getAsLong()));
                return remedy;
            }
        }
        if (candidates.versions().isEmpty()) {
            return List.of(
                    GcloudCommands.listVersions(key),
                    "if a version is ENABLED, make it the primary one (gcloud kms keys set-primary-version); otherwise "
                            + (candidates.importOnly()
                                    ? imported(key, candidates.protectionLevel())
                                    : "create one: " + GcloudCommands.createPrimaryVersion(key)));
        }
        return candidates.importOnly()
                ? List.of(imported(key, candidates.protectionLevel()))
                : List.of(GcloudCommands.createPrimaryVersion(key));
    }

    private static String imported(CryptoKeyName key, String protectionLevel) {
        return "import key material, which only you have, in place of FILE: "
                + GcloudCommands.createImportJob(key, protectionLevel.equals("SOFTWARE") ? "software" : "hsm")
                + ", when the job is ACTIVE "
                + GcloudCommands.importVersion(key, OptionalLong.empty())
                + ", and make the version that it prints the primary one with gcloud kms keys set-primary-version";
    }

    private static List<String> enabling(CryptoKeyName key, VersionState version) {
        List<String> remedy = new ArrayList<>();
        if (version.state().equals("DESTROY_SCHEDULED")) {
            remedy.add(GcloudCommands.version("restore", key, version.number()));
        }
        if (List.of("DESTROY_SCHEDULED", "DISABLED").contains(version.state())) {
            remedy.add(GcloudCommands.version("enable", key, version.number()));
        }
        return remedy;
    }

    /**
     * The primary version cannot be used.
     *
     * @param primary its number and Cloud KMS' word for its state
     * @param destroyTime when a scheduled destruction becomes final
     * @param candidates what can take its place
     */
    public static Finding primaryUnusable(
            CryptoKeyName key, VersionState primary, @Nullable Instant destroyTime, Candidates candidates) {
        String name = key + "/cryptoKeyVersions/" + primary.number();
        String state = SafeText.sanitize(primary.state(), 40);
        return switch (primary.state()) {
            case "DISABLED" ->
                new Finding(
                        Reason.KEY_VERSION_DISABLED,
                        "the primary version " + name + " is disabled",
                        enabling(key, primary));
            case "DESTROY_SCHEDULED" ->
                new Finding(
                        Reason.KEY_VERSION_DESTROY_SCHEDULED,
                        "the primary version " + name + " will be destroyed"
                                + (destroyTime == null ? "" : " at " + EventTime.written(destroyTime))
                                + "; data that is encrypted under it will be lost",
                        enabling(key, primary));
            case "DESTROYED" ->
                new Finding(
                        Reason.KEY_VERSION_DESTROYED,
                        "the primary version " + name + " is " + state + " and cannot be used",
                        Stream.concat(
                                        newPrimary(key, candidates).stream(),
                                        Stream.of(
                                                "with it new data can be encrypted again; for data under the destroyed"
                                                        + " version, ask Anthropic's support what can still be read"))
                                .toList());
            case "PENDING_GENERATION", "PENDING_IMPORT" ->
                new Finding(
                        Reason.KEY_VERSION_NOT_READY,
                        "the primary version " + name + " is " + state + "; this passes by itself",
                        List.of("nothing to do: Cloud KMS is still "
                                + (state.equals("PENDING_IMPORT") ? "importing" : "generating") + " the version"));
            case "GENERATION_FAILED", "IMPORT_FAILED" ->
                new Finding(
                        Reason.KEY_VERSION_GENERATION_FAILED,
                        "the primary version " + name + " is " + state
                                + ": nothing was ever encrypted under its new key material",
                        newPrimary(key, candidates));
            default ->
                new Finding(
                        Reason.KEY_VERSION_DISABLED,
                        "the primary version " + name + " is " + state + " and cannot be used",
                        newPrimary(key, candidates));
        };
    }

    /** A version's number and Cloud KMS' word for its state. */
    public record VersionState(long number, String state) {}

    /**
     * Versions under which data may be encrypted cannot be used now.
     *
     * @param versions those that are not enabled, at least one
     */
    public static Finding oldVersionUnusable(CryptoKeyName key, List<VersionState> versions) {
        List<String> remedy = new ArrayList<>();
        versions.forEach(version -> remedy.addAll(enabling(key, version)));
        remedy.add("data that was encrypted while such a version was primary cannot be read without it");
        return new Finding(
                Reason.OLD_VERSION_UNUSABLE,
                "the key " + key + " has versions that cannot be used: "
                        + versions.stream()
                                .map(version -> version.number() + " is " + SafeText.sanitize(version.state(), 40))
                                .collect(Collectors.joining(", ")),
                remedy);
    }

    /**
     * A version that no longer exists, or whose key material does not.
     *
     * @param what happened to it, a few words after its number
     * @param reimportable whether its owner can import its key material again
     */
    public record LostVersion(long number, String what, boolean reimportable) {}

    /**
     * Versions under which data may be encrypted are gone.
     *
     * @param versions at least one
     * @param lost what is lost with them, as a person is told
     */
    public static Finding oldVersionLost(CryptoKeyName key, List<LostVersion> versions, String lost) {
        List<String> remedy = new ArrayList<>();
        versions.stream()
                .filter(LostVersion::reimportable)
                .forEach(version -> remedy.add("version " + version.number()
                        + " can be imported again by whoever still has the key material that was imported, in place of"
                        + " FILE, with an import job of the key ring in place of cmek-import: "
                        + GcloudCommands.importVersion(key, OptionalLong.of(version.number()))));
        remedy.add("a version that was deleted, or destroyed and not imported again, cannot be brought back: ask"
                + " Anthropic's support what can still be read, and keep every other version enabled");
        Finding finding = new Finding(
                Reason.OLD_VERSION_LOST,
                "the key " + key + " lost versions: "
                        + versions.stream()
                                .map(version -> "version " + version.number() + " " + version.what())
                                .collect(Collectors.joining(", "))
                        + "; " + lost,
                remedy);
        return versions.stream().anyMatch(LostVersion::reimportable) ? finding.actor(Actor.KEY_OWNER) : finding;
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

    /**
     * A role that a deleted account of Anthropic's name is still bound to.
     *
     * @param member as it stands in the binding, with the number of the deleted account
     */
    public record DeadBinding(String member, String role) {}

    /**
     * Bindings of Anthropic's account as it was before it was deleted; they grant nothing.
     *
     * @param missing the roles that Anthropic lacks for it; empty where it has been granted both again
     */
    public static Finding bindingDead(CryptoKeyName key, List<DeadBinding> dead, List<String> missing) {
        List<String> remedy = new ArrayList<>();
        dead.forEach(binding -> remedy.add(GcloudCommands.removeBinding(key, binding.role(), binding.member())));
        // What is there already is granted once more without a change.
        AnthropicPrincipal.ROLES.forEach(
                role -> remedy.add(GcloudCommands.addBinding(key, role, AnthropicPrincipal.MEMBER)));
        Finding finding = new Finding(
                Reason.BINDING_MISSING,
                "the account " + AnthropicPrincipal.MEMBER + " was deleted after it was granted "
                        + String.join(
                                " and ",
                                dead.stream().map(DeadBinding::role).distinct().toList()) + " on " + key
                        + "; the binding "
                        + SafeText.sanitize(
                                String.join(
                                        ", ",
                                        dead.stream()
                                                .map(DeadBinding::member)
                                                .distinct()
                                                .toList()),
                                300)
                        + " grants nothing"
                        + (missing.isEmpty()
                                ? ", and the account of this name that exists now has been granted both roles"
                                : ", and the account of this name lacks " + String.join(" and ", missing)),
                remedy);
        return missing.isEmpty() ? finding.as(Severity.NOTICE) : finding;
    }

    // --- who else can decrypt ------------------------------------------------------------------------------------

    /** One finding for each that is known to be where it should not be, and one for each kind of notice, worst first. */
    public static List<Finding> unexpectedPrincipals(CryptoKeyName key, List<UnexpectedPrincipal> principals) {
        List<Finding> findings = new ArrayList<>();
        Map<UnexpectedPrincipal.Kind, List<UnexpectedPrincipal>> notices =
                new EnumMap<>(UnexpectedPrincipal.Kind.class);
        for (UnexpectedPrincipal principal : principals) {
            if (principal.isBlocking() || principal.isProblem()) {
                findings.add(unexpectedPrincipal(key, principal));
            } else {
                notices.computeIfAbsent(principal.kind(), kind -> new ArrayList<>())
                        .add(principal);
            }
        }
        notices.forEach((kind, alike) -> findings.add(notice(key, kind, alike)));
        return findings;
    }

    /** Someone else can decrypt, or may let themselves. */
    public static Finding unexpectedPrincipal(CryptoKeyName key, UnexpectedPrincipal unexpected) {
        if (!unexpected.isBlocking() && !unexpected.isProblem()) {
            return notice(key, unexpected.kind(), List.of(unexpected));
        }
        String member = SafeText.sanitize(unexpected.member(), 200);
        String who = switch (unexpected.kind()) {
            case PUBLIC -> member + ", which is everyone,";
            case LOOK_ALIKE ->
                member + ", which looks like Anthropic's principal " + AnthropicPrincipal.MEMBER + " but is not,";
            case ANTHROPIC ->
                "Anthropic's own principal " + member + ", which needs no role but "
                        + String.join(" and ", AnthropicPrincipal.ROLES) + ",";
            default -> member + ", a principal of another project,";
        };
        String after = unexpected.isBlocking() || unexpected.kind() == UnexpectedPrincipal.Kind.ANTHROPIC
                ? "find out who granted it (SetIamPolicy in the audit logs of " + auditedAt(key, unexpected) + "), "
                        + Instructions.PUBLISH_AGAIN
                : "nothing to do if that principal is meant to decrypt";
        Finding finding = new Finding(
                Reason.UNEXPECTED_PRINCIPAL,
                who + " holds " + SafeText.sanitize(unexpected.role(), 100) + " on " + place(key, unexpected)
                        + unexpected
                                .inheritedFrom()
                                .map(resource -> ", which " + key + " inherits")
                                .orElse(""),
                List.of(remove(key, unexpected), after));
        return finding.as(unexpected.isBlocking() ? Severity.BLOCKING : Severity.PROBLEM)
                .actor(isAboveProject(unexpected) ? Actor.ORGANIZATION_ADMIN : Actor.KEY_OWNER);
    }

    private static Finding notice(CryptoKeyName key, UnexpectedPrincipal.Kind kind, List<UnexpectedPrincipal> alike) {
        boolean one = alike.size() == 1;
        String listed = alike.stream()
                        .limit(LISTED_AT_MOST)
                        .map(principal -> SafeText.sanitize(principal.member(), 200) + " ("
                                + SafeText.sanitize(principal.role(), 100) + " on " + place(key, principal) + ")")
                        .collect(Collectors.joining(", "))
                + (alike.size() > LISTED_AT_MOST ? " and " + (alike.size() - LISTED_AT_MOST) + " more" : "");
        String says = switch (kind) {
            case UNKNOWN_PROJECT ->
                "could not determine whether the project or organization of " + listed + " is that of " + key
                        + ", because the number of the key's own could not be read; if not, others can decrypt";
            case GOOGLE_AGENT ->
                listed + (one ? " is an account of Google's" : " are accounts of Google's")
                        + " that may decrypt with " + key + " and " + (one ? "is" : "are")
                        + " not known to act for project " + key.project();
            case UNKNOWN_MEMBER ->
                "could not determine who " + listed + (one ? " is" : " are") + "; " + (one ? "it" : "they")
                        + " may decrypt with " + key;
            case UNKNOWN_ROLE ->
                "could not determine what the role permits that others hold: " + listed
                        + "; it may let them decrypt with " + key;
            case IMPERSONATOR ->
                listed + (one ? " is" : " are") + " of another project and may act as service accounts of project "
                        + key.project() + ", whatever these may do with " + key;
            case DELETED ->
                listed + (one ? " was" : " were") + " deleted; " + (one ? "it holds" : "they hold") + " nothing on "
                        + key + " unless undeleted";
            case ANTHROPIC_WIDER ->
                listed + " lets Anthropic decrypt with more than " + key + "; both roles on the key itself are enough";
            default -> listed + (one ? " may" : " may each") + " change who can decrypt with " + key;
        };
        Finding finding = new Finding(Reason.UNEXPECTED_PRINCIPAL, says, noticeRemedy(key, kind, alike));
        return finding.as(Severity.NOTICE);
    }

    /** Google's own accounts are never removed by a command of ours, nor is what could not be judged. */
    private static List<String> noticeRemedy(
            CryptoKeyName key, UnexpectedPrincipal.Kind kind, List<UnexpectedPrincipal> alike) {
        List<String> remedy = new ArrayList<>();
        switch (kind) {
            case UNKNOWN_PROJECT -> {
                remedy.add(GcloudCommands.describeProject(key.project()));
                remedy.add(
                        "compare the project's number with the number in the member's name; nothing to do if they are"
                                + " equal");
            }
            case GOOGLE_AGENT ->
                remedy.add("nothing to do if a service of Google Cloud uses the key for that project or organization;"
                        + " removing the account would break that service");
            case UNKNOWN_MEMBER -> remedy.add("check who that is; nothing to do if it is meant to decrypt");
            case UNKNOWN_ROLE -> {
                alike.stream()
                        .map(UnexpectedPrincipal::role)
                        .distinct()
                        .limit(LISTED_AT_MOST)
                        .forEach(role -> remedy.add(GcloudCommands.describeRole(role)));
                remedy.add("nothing to do if the role does not contain cloudkms.cryptoKeyVersions.useToDecrypt or a"
                        + " permission that ends in setIamPolicy");
            }
            case IMPERSONATOR -> remedy.add("nothing to do if it is meant to act as service accounts of the project");
            case DELETED, ANTHROPIC_WIDER ->
                alike.stream().limit(LISTED_AT_MOST).forEach(principal -> remedy.add(remove(key, principal)));
            default -> remedy.add("nothing to do if they administer the project or its keys");
        }
        return remedy;
    }

    /**
     * Policies that may let others decrypt and that could not be read.
     *
     * @param unread why, one reason each
     */
    public static Finding principalsUnknown(CryptoKeyName key, List<String> unread) {
        return new Finding(
                Reason.PRINCIPALS_UNKNOWN,
                "could not determine in full who else can decrypt with " + key + ", because not every policy that it"
                        + " inherits could be read: " + String.join("; ", unread),
                List.of(
                        "grant the function's service account read access to the policies of the key ring, the project, its"
                                + " folders and its organization (roles/iam.securityReviewer on the organization); nothing else"
                                + " to do if they are checked by other means"));
    }

    private static String place(CryptoKeyName key, UnexpectedPrincipal principal) {
        return principal.inheritedFrom().orElse(key.toString());
    }

    private static boolean isAboveProject(UnexpectedPrincipal principal) {
        return principal
                .inheritedFrom()
                .filter(resource -> !resource.startsWith("projects/"))
                .isPresent();
    }

    private static String auditedAt(CryptoKeyName key, UnexpectedPrincipal principal) {
        return isAboveProject(principal) ? principal.inheritedFrom().orElse("") : "project " + key.project();
    }

    private static String remove(CryptoKeyName key, UnexpectedPrincipal principal) {
        return principal
                .inheritedFrom()
                .map(resource -> GcloudCommands.removeInherited(key, resource, principal.role(), principal.member()))
                .orElseGet(() -> GcloudCommands.removeBinding(key, principal.role(), principal.member()));
    }

    /** An existing key differs from what the request would have created, in ways that do no harm. */
    public static Finding settingsDiffer(CryptoKeyName key, List<String> differences) {
        return new Finding(
                Reason.KEY_SETTINGS_DIFFER,
                "the key " + key + " exists and is left as it is: " + String.join(", ", differences),
                List.of(GcloudCommands.describeKey(key)));
    }
}
