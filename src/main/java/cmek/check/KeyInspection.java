package cmek.check;

import cmek.client.kms.CryptoKeyInfo;
import cmek.client.kms.KeyManagement;
import cmek.client.kms.KeyPolicy;
import cmek.client.kms.KeyVersionInfo;
import cmek.finding.Finding;
import cmek.finding.KeyFindings;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.model.AnthropicPrincipal;
import cmek.model.CryptoKeyName;
import cmek.model.OnboardingRequest;
import cmek.model.OrganizationId;
import cmek.model.Policy;
import cmek.model.ProtectionLevel;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Looks at a crypto key from the customer's side. Anthropic says only that it cannot use a key; from here we can tell
 * why.
 */
@Singleton
public final class KeyInspection {

    /** Nothing was ever encrypted under a version in one of these states. */
    private static final Set<String> NEVER_USED =
            Set.of("PENDING_GENERATION", "PENDING_IMPORT", "IMPORT_FAILED", "GENERATION_FAILED");

    private final KeyManagement kms;
    private final Policy policy;
    private final OrganizationId organization;

    @Inject
    public KeyInspection(KeyManagement kms, Policy policy, OrganizationId organization) {
        this.kms = kms;
        this.policy = policy;
        this.organization = organization;
    }

    /** Reads what is there of a key, as far as this account may. */
    public KeyState look(CryptoKeyName name) {
        try {
            Optional<CryptoKeyInfo> key = kms.cryptoKey(name);
            return key.isPresent()
                    ? new KeyState.Present(key.get(), kms.policy(name))
                    : new KeyState.Absent(kms.keyRingExists(name.ring()));
        } catch (PermanentException e) {
            if (e.finding().reason() == Reason.PERMISSION_DENIED) {
                return new KeyState.Inaccessible(e.finding());
            }
            throw e;
        }
    }

    /** Reads everything that Anthropic's use of a request's key depends on. */
    public KeyDiagnosis inspect(OnboardingRequest request) {
        CryptoKeyName name = request.key();
        Notes notes = new Notes();
        Optional<Optional<CryptoKeyInfo>> read =
                notes.read("label, purpose, algorithm, protection level, primary version", () -> kms.cryptoKey(name));
        if (read.isPresent() && read.get().isEmpty()) {
            notes.findings.add(KeyFindings.keyNotFound(name, request.protectionLevelToCreate(), organization.label()));
            return notes.inspection();
        }
        Optional<CryptoKeyInfo> key = read.flatMap(Function.identity());
        key.ifPresent(facts -> {
            notes.note(usability(facts, request), "purpose, algorithm, protection level, primary version");
            notes.note(label(facts), "label " + organization.label());
        });
        notes.read("policy", () -> kms.policy(name))
                .ifPresent(policy -> notes.note(
                        grant(name, policy), "both roles of " + AnthropicPrincipal.EMAIL + " without a condition"));
        notes.read("older versions", () -> kms.versions(name))
                .ifPresent(versions -> notes.note(
                        olderVersions(name, key.flatMap(CryptoKeyInfo::primary), versions), "older versions"));
        return notes.inspection();
    }

    /** What no later step could fix: the wrong kind of key, or a primary version that cannot be used. */
    public List<Finding> usability(CryptoKeyInfo key, OnboardingRequest request) {
        CryptoKeyName name = key.name();
        if (!key.purpose().equals("ENCRYPT_DECRYPT")) {
            return List.of(KeyFindings.purposeDiffers(name, key.purpose()));
        }
        if (!key.algorithm().equals("GOOGLE_SYMMETRIC_ENCRYPTION")) {
            return List.of(KeyFindings.algorithmDiffers(name, key.algorithm()));
        }
        Set<ProtectionLevel> wanted = request.protectionLevel().map(Set::of).orElse(policy.protectionLevels());
        if (wanted.stream().noneMatch(level -> level.name().equals(key.protectionLevel()))) {
            return List.of(KeyFindings.protectionDiffers(name, key.protectionLevel(), wanted));
        }
        if (key.primary().isEmpty()) {
            return List.of(KeyFindings.withoutPrimary(name));
        }
        KeyVersionInfo primary = key.primary().get();
        return isEnabled(primary)
                ? List.of()
                : List.of(KeyFindings.primaryUnusable(
                        name,
                        primary.number(),
                        primary.state(),
                        primary.destroyTime().orElse(null)));
    }

    /** Whether Anthropic holds both roles on the key itself, without a condition. */
    public List<Finding> grant(CryptoKeyName key, KeyPolicy iam) {
        List<String> conditional = AnthropicPrincipal.ROLES.stream()
                .filter(role -> iam.grantsConditionally(role, AnthropicPrincipal.MEMBER))
                .toList();
        List<String> missing = AnthropicPrincipal.ROLES.stream()
                .filter(role -> !iam.grants(role, AnthropicPrincipal.MEMBER) && !conditional.contains(role))
                .toList();
        List<Finding> findings = new ArrayList<>();
        if (!missing.isEmpty()) {
            List<KeyFindings.DeadBinding> dead = deadBindings(iam);
            findings.add(
                    dead.isEmpty()
                            ? KeyFindings.bindingMissing(key, missing)
                            : KeyFindings.bindingDead(key, dead, missing));
        }
        if (!conditional.isEmpty()) {
            findings.add(KeyFindings.bindingConditional(key, conditional));
        }
        return findings;
    }

    /** What a deleted account of Anthropic's name is still bound to, although nothing is missing. */
    public List<Finding> deadBindings(CryptoKeyName key, KeyPolicy iam) {
        List<KeyFindings.DeadBinding> dead = deadBindings(iam);
        return dead.isEmpty() || !grant(key, iam).isEmpty()
                ? List.of()
                : List.of(KeyFindings.bindingDead(key, dead, List.of()));
    }

    private static List<KeyFindings.DeadBinding> deadBindings(KeyPolicy iam) {
        return iam.bindings().stream()
                .flatMap(binding -> binding.members().stream()
                        .filter(AnthropicPrincipal::isDeleted)
                        .map(member -> new KeyFindings.DeadBinding(member, binding.role())))
                .distinct()
                .toList();
    }

    /** Whether the key bears the label by which it consents to this organization. */
    public List<Finding> label(CryptoKeyInfo key) {
        return organization.label().isOn(key.labels())
                ? List.of()
                : List.of(KeyFindings.labelMissing(key.name(), organization.label()));
    }

    /** Data stays wrapped under the version that was primary when it was written, so those must be usable permanently. */
    public List<Finding> olderVersions(
            CryptoKeyName key, Optional<KeyVersionInfo> primary, List<KeyVersionInfo> versions) {
        long current = primary.map(KeyVersionInfo::number).orElse(0L);
        List<KeyFindings.VersionState> unusable = versions.stream()
                .filter(version -> version.number() != current)
                .filter(version -> !isEnabled(version) && !NEVER_USED.contains(version.state()))
                .map(version -> new KeyFindings.VersionState(version.number(), version.state()))
                .toList();
        return unusable.isEmpty() ? List.of() : List.of(KeyFindings.oldVersionUnusable(key, unusable));
    }

    /** Whether a version will be destroyed at a time that is known. */
    static boolean isDestroyScheduled(KeyVersionInfo version) {
        return version.state().equals("DESTROY_SCHEDULED");
    }

    private static boolean isEnabled(KeyVersionInfo version) {
        return version.state().equals("ENABLED");
    }

    /** What is learned bit by bit; that one bit is closed to us says nothing about the others. */
    private static final class Notes {

        private final List<Finding> findings = new ArrayList<>();
        private final List<String> good = new ArrayList<>();
        private final List<String> unseen = new ArrayList<>();

        /** Reads; empty when it could not, which is noted: as unseen, or as a finding when it is itself a cause. */
        <T> Optional<T> read(String what, Supplier<T> read) {
            try {
                return Optional.of(read.get());
            } catch (PermanentException e) {
                Finding finding = e.finding();
                if (finding.reason() == Reason.PERMISSION_DENIED) {
                    unseen.add(what + " (" + finding.message() + ")");
                } else if (!findings.contains(finding)) {
                    findings.add(finding);
                }
                return Optional.empty();
            }
        }

        void note(List<Finding> found, String what) {
            findings.addAll(found);
            if (found.isEmpty()) {
                good.add(what);
            }
        }

        KeyDiagnosis inspection() {
            return new KeyDiagnosis(findings, good, unseen);
        }
    }
}
