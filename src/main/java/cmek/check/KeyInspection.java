package cmek.check;

import cmek.client.kms.CryptoKeyInfo;
import cmek.client.kms.KeyManagement;
import cmek.client.kms.KeyPolicy;
import cmek.client.kms.KeyVersionInfo;
import cmek.finding.Finding;
import cmek.finding.KeyFindings;
import cmek.finding.KeyFindings.Candidates;
import cmek.finding.KeyFindings.VersionState;
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
import java.util.function.Supplier;

/**
 * Looks at a crypto key from the customer's side. Anthropic says only that it cannot use a key; from here we can tell
 * why.
 */
@Singleton
public final class KeyInspection {

    /** Nothing was ever encrypted under a version in one of these states. */
    private static final Set<String> NEVER_USED = Set.of("PENDING_GENERATION", "GENERATION_FAILED");

    /** A version in one of these states has no key material now; whether it ever had some, its times tell. */
    static final Set<String> WITHOUT_MATERIAL = Set.of("DESTROYED", "PENDING_IMPORT", "IMPORT_FAILED");

    /** A primary version in one of these states comes back only as another version. */
    private static final Set<String> REPLACEABLE = Set.of(
            "DESTROYED",
            "GENERATION_FAILED",
            "IMPORT_FAILED",
            "PENDING_EXTERNAL_DESTRUCTION",
            "EXTERNAL_DESTRUCTION_FAILED");

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

    /**
     * What no later step could fix, and what should be known besides: the wrong kind of key, a primary version that cannot be
     * used, a policy that denies its use.
     *
     * @param versions read only where the primary version must be replaced
     */
    public List<Finding> usability(
            CryptoKeyInfo key, OnboardingRequest request, Supplier<List<KeyVersionInfo>> versions) {
        CryptoKeyName name = key.name();
        if (!key.purpose().equals("ENCRYPT_DECRYPT")) {
            return List.of(KeyFindings.purposeDiffers(name, key.purpose()));
        }
        if (!key.algorithm().equals("GOOGLE_SYMMETRIC_ENCRYPTION")) {
            return List.of(KeyFindings.algorithmDiffers(name, key.algorithm()));
        }
        List<Finding> findings = new ArrayList<>();
        primary(key, versions).ifPresent(findings::add);
        key.allowedAccessReasons()
                .map(allowed -> allowed.isEmpty()
                        ? KeyFindings.everyAccessDenied(name)
                        : KeyFindings.accessReasonsRestricted(name, allowed))
                .ifPresent(findings::add);
        Set<ProtectionLevel> wanted = request.protectionLevel().map(Set::of).orElse(policy.protectionLevels());
        if (wanted.stream().noneMatch(level -> level.name().equals(key.protectionLevel()))) {
            findings.add(KeyFindings.protectionDiffers(name, key.protectionLevel(), wanted));
        } else if (key.protectionLevel().equals(ProtectionLevel.HSM_SINGLE_TENANT.name())) {
            findings.add(KeyFindings.singleTenant(name));
        }
        return findings;
    }

    private static Optional<Finding> primary(CryptoKeyInfo key, Supplier<List<KeyVersionInfo>> versions) {
        if (key.primary().isEmpty()) {
            return Optional.of(KeyFindings.withoutPrimary(key.name(), candidates(key, versions)));
        }
        KeyVersionInfo primary = key.primary().get();
        if (isEnabled(primary)) {
            return Optional.empty();
        }
        Candidates candidates = REPLACEABLE.contains(primary.state())
                ? candidates(key, versions)
                : new Candidates(key.importOnly(), key.protectionLevel(), Optional.empty());
        return Optional.of(KeyFindings.primaryUnusable(
                key.name(), state(primary), primary.destroyTime().orElse(null), candidates));
    }

    /** What is not permitted to be read is unknown: the finding is the key's, not ours. */
    private static Candidates candidates(CryptoKeyInfo key, Supplier<List<KeyVersionInfo>> versions) {
        Optional<List<VersionState>> known;
        try {
            known = Optional.of(
                    versions.get().stream().map(KeyInspection::state).toList());
        } catch (PermanentException e) {
            known = Optional.empty();
        }
        return new Candidates(key.importOnly(), key.protectionLevel(), known);
    }

    private static VersionState state(KeyVersionInfo version) {
        return new VersionState(version.number(), version.state());
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

    /**
     * Data stays encrypted under the version that was primary when it was written, so those must be usable permanently. What
     * no longer exists, and what will be destroyed at a time that is known, are findings of their own.
     */
    public List<Finding> olderVersions(
            CryptoKeyName key, Optional<KeyVersionInfo> primary, List<KeyVersionInfo> versions) {
        long current = primary.map(KeyVersionInfo::number).orElse(0L);
        List<VersionState> unusable = versions.stream()
                .filter(version -> version.number() != current)
                .filter(version -> !isEnabled(version)
                        && !isDestroyScheduled(version)
                        && !NEVER_USED.contains(version.state())
                        && !WITHOUT_MATERIAL.contains(version.state()))
                .map(KeyInspection::state)
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
}
