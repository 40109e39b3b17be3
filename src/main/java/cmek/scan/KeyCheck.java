package cmek.scan;

import cmek.check.Check;
import cmek.check.CheckSubject;
import cmek.check.DestructionCheck;
import cmek.check.KeyInspection;
import cmek.check.ScanCheck;
import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.Validation;
import cmek.client.kms.CryptoKeyInfo;
import cmek.client.kms.KeyManagement;
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
import io.quarkus.arc.All;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be found out about one registered key: from Cloud KMS in three reads and one for all keys of a ring,
 * from Resource Manager in some for all keys of a project, and from Anthropic by a round
 * trip through the key. What {@link KeyInspection} asks of a key before it is attached is asked again here, and
 * besides what only changes with time.
 */
@Singleton
public final class KeyCheck {

    /** Whoever revokes a key on purpose says so with this label, and nobody is alarmed. */
    public static final String REVOKED = "cmek-revoked";

    /** How many reads of Cloud KMS every check of a key takes. */
    private static final int KMS_READS = 3;

    /** What Cloud KMS itself answers with when nobody can use a key, Anthropic included. */
    private static final Set<Reason> ABOUT_THE_KEY = Set.of(Reason.KMS_API_DISABLED, Reason.BILLING_DISABLED);

    private final KeyManagement kms;
    private final AdminApi anthropic;
    private final List<ScanCheck> checks;
    private final OrganizationId organization;

    @Inject
    public KeyCheck(KeyManagement kms, AdminApi anthropic, @All List<ScanCheck> checks, OrganizationId organization) {
        this.kms = kms;
        this.anthropic = anthropic;
        this.checks =
                checks.stream().sorted(Comparator.comparingInt(Check::rank)).toList();
        this.organization = organization;
    }

    /**
     * Checks a key from both sides.
     *
     * @param patient whether a side that does not answer may be asked again later; otherwise it is a finding
     * @return what is wrong, in no order
     * @throws TransientException when {@code patient} and one of the two does not answer
     */
    List<Finding> check(RegisteredKey registered, boolean patient) {
        return check(registered, patient, Instant.MIN);
    }

    /**
     * The same after a change.
     *
     * @param since what was read earlier of the key's ring and project, for other keys, is read again
     */
    List<Finding> check(RegisteredKey registered, boolean patient, Instant since) {
        CryptoKeyName name = registered.key();
        List<Finding> findings = new ArrayList<>(registered.standing());
        List<String> good = new ArrayList<>();
        try {
            Optional<CryptoKeyInfo> key = kms.cryptoKey(name);
            if (key.isEmpty()) {
                findings.add(KeyFindings.keyNotFound(name, ProtectionLevel.HSM, organization.label()));
            } else if (isRevoked(key.get())) {
                findings.add(ScanFindings.revokedOnPurpose(name, REVOKED));
                findings.addAll(new DestructionCheck()
                        .begin(subject(registered, key.get(), since))
                        .get()
                        .findings());
                return findings;
            } else {
                run(subject(registered, key.get(), since), patient, findings, good);
            }
        } catch (PermanentException e) {
            findings.add(refused(name, e));
        } catch (TransientException e) {
            findings.add(unanswered(name, e, patient));
        }
        findings.addAll(roundTrip(registered, good, patient));
        return findings;
    }

    /** How many reads of Cloud KMS a check takes now. */
    int kmsReads(CryptoKeyName key, Instant since) {
        return KMS_READS
                + checks.stream().mapToInt(check -> check.kmsReads(key, since)).sum();
    }

    private CheckSubject subject(RegisteredKey registered, CryptoKeyInfo key, Instant since) {
        return CheckSubject.ofKey(
                asIfAskedFor(registered),
                key,
                new Once<>(() -> kms.policy(key.name())),
                new Once<>(() -> kms.versions(key.name())),
                registered.workspaces().stream().map(WorkspaceUse::described).toList(),
                since);
    }

    /** That one thing cannot be read says nothing about the others. */
    private void run(CheckSubject subject, boolean patient, List<Finding> findings, List<String> good) {
        for (ScanCheck check : checks) {
            try {
                List<Finding> found = check.begin(subject).get().findings();
                findings.addAll(found);
                check.good(subject, found).ifPresent(good::add);
            } catch (PermanentException e) {
                addOnce(findings, refused(subject.key(), e));
            } catch (TransientException e) {
                addOnce(findings, unanswered(subject.key(), e, patient));
            }
        }
    }

    private static void addOnce(List<Finding> findings, Finding finding) {
        if (!findings.contains(finding)) {
            findings.add(finding);
        }
    }

    private static Finding refused(CryptoKeyName key, PermanentException cause) {
        return ABOUT_THE_KEY.contains(cause.finding().reason())
                ? cause.finding()
                : ScanFindings.notReached(key, cause.finding());
    }

    /** A read that several checks share and that is made once, whatever comes of it. */
    private static final class Once<T> implements Supplier<T> {

        private final Supplier<T> read;
        private @Nullable Supplier<T> outcome;

        Once(Supplier<T> read) {
            this.read = read;
        }

        @Override
        public T get() {
            Supplier<T> known = outcome;
            if (known == null) {
                known = made();
                outcome = known;
            }
            return known.get();
        }

        private Supplier<T> made() {
            try {
                T value = read.get();
                return () -> value;
            } catch (PermanentException | TransientException e) {
                return () -> {
                    throw e;
                };
            }
        }
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
}
