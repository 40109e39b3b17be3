package cmek.inspection;

import cmek.client.kms.CryptoKeyFacts;
import cmek.client.kms.KeyManagement;
import cmek.client.kms.KeyPolicy;
import cmek.client.kms.KeyVersionFacts;
import cmek.onboarding.CryptoKeyName;
import cmek.onboarding.Finding;
import cmek.onboarding.Findings;
import cmek.onboarding.Grantee;
import cmek.onboarding.OnboardingRequest;
import cmek.onboarding.OrganizationId;
import cmek.onboarding.Policy;
import cmek.onboarding.ProtectionLevel;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at a crypto key from the customer's side. The vendor says only that it cannot use a key; from here we can tell
 * why.
 */
@Singleton
public final class KeyInspection {

    private final KeyManagement kms;
    private final Policy policy;
    private final OrganizationId organization;

    @Inject
    public KeyInspection(KeyManagement kms, Policy policy, OrganizationId organization) {
        this.kms = kms;
        this.policy = policy;
        this.organization = organization;
    }

    /** Reads everything that the vendor's use of a request's key depends on. */
    public Inspection inspect(OnboardingRequest request) {
        CryptoKeyName name = request.key();
        Optional<CryptoKeyFacts> key = kms.cryptoKey(name);
        if (key.isEmpty()) {
            return new Inspection(
                    List.of(Findings.keyNotFound(name, request.protectionLevelToCreate(), organization.label())),
                    List.of());
        }
        List<Finding> findings = new ArrayList<>();
        List<String> good = new ArrayList<>();
        note(usability(key.get(), request), "purpose, algorithm, protection level, primary version", findings, good);
        note(label(key.get()), "label " + organization.label(), findings, good);
        note(grant(name, kms.policy(name)), "both roles of " + Grantee.EMAIL, findings, good);
        note(olderVersions(key.get()), "older versions", findings, good);
        return new Inspection(findings, good);
    }

    /** What no later step could mend: the wrong kind of key, or a primary version that cannot be used. */
    public List<Finding> usability(CryptoKeyFacts key, OnboardingRequest request) {
        CryptoKeyName name = key.name();
        if (!key.purpose().equals("ENCRYPT_DECRYPT")) {
            return List.of(Findings.purposeDiffers(name, key.purpose()));
        }
        if (!key.algorithm().equals("GOOGLE_SYMMETRIC_ENCRYPTION")) {
            return List.of(Findings.algorithmDiffers(name, key.algorithm()));
        }
        Set<ProtectionLevel> wanted = request.protectionLevel().map(Set::of).orElse(policy.protectionLevels());
        if (wanted.stream().noneMatch(level -> level.name().equals(key.protectionLevel()))) {
            return List.of(Findings.protectionDiffers(name, key.protectionLevel(), wanted));
        }
        if (key.primary().isEmpty()) {
            return List.of(Findings.withoutPrimary(name));
        }
        KeyVersionFacts primary = key.primary().get();
        return isEnabled(primary)
                ? List.of()
                : List.of(Findings.primaryUnusable(
                        name,
                        primary.number(),
                        primary.state(),
                        primary.destroyTime().orElse(null)));
    }

    /** Whether the vendor holds both roles on the key itself, without a condition. */
    public List<Finding> grant(CryptoKeyName key, KeyPolicy iam) {
        List<String> conditional = Grantee.ROLES.stream()
                .filter(role -> iam.grantsConditionally(role, Grantee.MEMBER))
                .toList();
        List<String> missing = Grantee.ROLES.stream()
                .filter(role -> !iam.grants(role, Grantee.MEMBER) && !conditional.contains(role))
                .toList();
        List<Finding> findings = new ArrayList<>();
        if (!missing.isEmpty()) {
            findings.add(Findings.bindingMissing(key, missing));
        }
        if (!conditional.isEmpty()) {
            findings.add(Findings.bindingConditional(key, conditional));
        }
        return findings;
    }

    private List<Finding> label(CryptoKeyFacts key) {
        return organization.label().isOn(key.labels())
                ? List.of()
                : List.of(Findings.labelMissing(key.name(), organization.label()));
    }

    /** Data stays wrapped under the version that was primary when it was written, so those must be usable for ever. */
    private List<Finding> olderVersions(CryptoKeyFacts key) {
        long primary = key.primary().map(KeyVersionFacts::number).orElse(0L);
        List<KeyVersionFacts> unusable = kms.versions(key.name()).stream()
                .filter(version -> version.number() != primary && !isEnabled(version))
                .toList();
        return unusable.isEmpty()
                ? List.of()
                : List.of(Findings.oldVersionUnusable(
                        key.name(),
                        unusable.stream()
                                .map(version -> new Findings.VersionState(version.number(), version.state()))
                                .toList()));
    }

    private static boolean isEnabled(KeyVersionFacts version) {
        return version.state().equals("ENABLED");
    }

    private static void note(List<Finding> found, String what, List<Finding> findings, List<String> good) {
        findings.addAll(found);
        if (found.isEmpty()) {
            good.add(what);
        }
    }
}
