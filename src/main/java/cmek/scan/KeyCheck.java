package cmek.scan;

import cmek.check.KeyInspection;
import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.Validation;
import cmek.client.kms.CryptoKeyInfo;
import cmek.client.kms.KeyManagement;
import cmek.client.kms.KeyPolicy;
import cmek.client.kms.KeyVersionInfo;
import cmek.finding.AnthropicFindings;
import cmek.finding.Finding;
import cmek.finding.KeyFindings;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.ScanFindings;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.Mode;
import cmek.model.OnboardingRequest;
import cmek.model.OrganizationId;
import cmek.model.ProtectionLevel;
import cmek.scan.RegisteredKey.WorkspaceUse;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that can be found out about one registered key: from Cloud KMS in three reads, and from Anthropic by a round
 * trip through the key. What {@link KeyInspection} asks of a key before it is attached is asked again here, and
 * besides what only changes with time.
 */
@Singleton
public final class KeyCheck {

    /** Whoever revokes a key on purpose says so with this label, and nobody is alarmed. */
    public static final String REVOKED = "cmek-revoked";

    /** How many reads of Cloud KMS one check takes. */
    static final int KMS_READS = 3;

    /** What Cloud KMS itself answers with when nobody can use a key, Anthropic included. */
    private static final Set<Reason> ABOUT_THE_KEY = Set.of(Reason.KMS_API_DISABLED, Reason.BILLING_DISABLED);

    /** Cloud KMS rotates some time after it is due. */
    private static final Duration ROTATION_GRACE = Duration.ofDays(1);

    private final KeyManagement kms;
    private final AdminApi anthropic;
    private final KeyInspection inspection;
    private final OrganizationId organization;
    private final Clock clock;

    @Inject
    public KeyCheck(
            KeyManagement kms, AdminApi anthropic, KeyInspection inspection, OrganizationId organization, Clock clock) {
        this.kms = kms;
        this.anthropic = anthropic;
        this.inspection = inspection;
        this.organization = organization;
        this.clock = clock;
    }

    /**
     * Checks a key from both sides.
     *
     * @param patient whether a side that does not answer may be asked again later; otherwise it is a finding
     * @return what is wrong, in no order
     * @throws TransientException when {@code patient} and one of the two does not answer
     */
    List<Finding> check(RegisteredKey registered, boolean patient) {
        CryptoKeyName name = registered.key();
        List<Finding> findings = new ArrayList<>(registered.standing());
        List<String> good = new ArrayList<>();
        try {
            Optional<CryptoKeyInfo> key = kms.cryptoKey(name);
            if (key.isEmpty()) {
                findings.add(KeyFindings.keyNotFound(name, ProtectionLevel.HSM, organization.label()));
            } else if (isRevoked(key.get())) {
                findings.add(ScanFindings.revokedOnPurpose(name, REVOKED));
                findings.addAll(destruction(registered, kms.versions(name)));
                return findings;
            } else {
                inspect(registered, key.get(), findings, good);
            }
        } catch (PermanentException e) {
            findings.add(
                    ABOUT_THE_KEY.contains(e.finding().reason())
                            ? e.finding()
                            : ScanFindings.notReached(name, e.finding()));
        } catch (TransientException e) {
            findings.add(unanswered(name, e, patient));
        }
        findings.addAll(roundTrip(registered, good, patient));
        return findings;
    }

    private void inspect(RegisteredKey registered, CryptoKeyInfo key, List<Finding> findings, List<String> good) {
        CryptoKeyName name = key.name();
        List<KeyVersionInfo> versions = kms.versions(name);
        List<Finding> destruction = destruction(registered, versions);
        note(destruction, "no destruction scheduled", findings, good);
        // A scheduled destruction has its own finding, with its deadline and what is lost, for the primary version too.
        List<Finding> usability = inspection.usability(key, asIfAskedFor(registered)).stream()
                .filter(finding -> finding.reason() != Reason.KEY_VERSION_DESTROY_SCHEDULED)
                .toList();
        note(usability, "purpose, algorithm, protection level, primary version", findings, good);
        note(
                inspection.olderVersions(
                        name,
                        key.primary(),
                        versions.stream()
                                .filter(version -> !isDestroyScheduled(version))
                                .toList()),
                "older versions",
                findings,
                good);
        note(inspection.label(key), "label " + organization.label(), findings, good);
        note(rotation(key), "rotation", findings, good);
        KeyPolicy policy = kms.policy(name);
        note(inspection.grant(name, policy), "both roles of Anthropic", findings, good);
        note(
                inspection.unexpectedPrincipals(name, policy).stream()
                        .map(unexpected -> KeyFindings.unexpectedPrincipal(name, unexpected))
                        .toList(),
                "nobody else can decrypt",
                findings,
                good);
    }

    private List<Finding> roundTrip(RegisteredKey registered, List<String> good, boolean patient) {
        try {
            return anthropic.validate(registered.id()) instanceof Validation.Failure failure
                    ? List.of(AnthropicFindings.validationFailed(registered.key(), failure.anthropicText(), good))
                    : List.of();
        } catch (PermanentException e) {
            return List.of(ScanFindings.notReached(registered.key(), e.finding()));
        } catch (TransientException e) {
            return List.of(unanswered(registered.key(), e, patient));
        }
    }

    private static Finding unanswered(CryptoKeyName key, TransientException cause, boolean patient) {
        if (patient) {
            throw cause;
        }
        return ScanFindings.notReached(key, cause.reason() + ", " + cause.getMessage());
    }

    private static List<Finding> destruction(RegisteredKey registered, List<KeyVersionInfo> versions) {
        SortedMap<Long, Optional<Instant>> scheduled = new TreeMap<>();
        versions.stream()
                .filter(KeyCheck::isDestroyScheduled)
                .forEach(version -> scheduled.put(version.number(), version.destroyTime()));
        return scheduled.isEmpty()
                ? List.of()
                : List.of(ScanFindings.destructionScheduled(
                        registered.key(),
                        scheduled,
                        registered.workspaces().stream()
                                .map(WorkspaceUse::described)
                                .toList()));
    }

    private List<Finding> rotation(CryptoKeyInfo key) {
        return key.nextRotationTime()
                .filter(due -> due.isBefore(clock.instant().minus(ROTATION_GRACE)))
                .map(due -> List.of(ScanFindings.rotationOverdue(key.name(), due)))
                .orElse(List.of());
    }

    private static boolean isDestroyScheduled(KeyVersionInfo version) {
        return version.state().equals("DESTROY_SCHEDULED");
    }

    private static boolean isRevoked(CryptoKeyInfo key) {
        return "true".equals(key.labels().get(REVOKED));
    }

    /** The scan asks of a key what a team's request to validate it would ask today. */
    private static OnboardingRequest asIfAskedFor(RegisteredKey registered) {
        return new OnboardingRequest(
                registered.id().value(),
                Mode.VALIDATE,
                registered.key(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                registered.displayName(),
                Optional.empty(),
                false);
    }

    private static void note(List<Finding> found, String what, List<Finding> findings, List<String> good) {
        findings.addAll(found);
        if (found.isEmpty()) {
            good.add(what);
        }
    }
}
