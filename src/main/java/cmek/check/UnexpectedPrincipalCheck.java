package cmek.check;

import cmek.check.InheritedReads.Reach;
import cmek.check.PrincipalInspection.Exposure;
import cmek.client.http.SideBySide;
import cmek.finding.Finding;
import cmek.finding.KeyFindings;
import cmek.finding.Reason;
import cmek.finding.Severity;
import cmek.model.CryptoKeyName;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Whether somebody else can decrypt with the key, by its own policy or by one that it inherits. */
@Singleton
public final class UnexpectedPrincipalCheck implements PrerequisiteCheck, ScanCheck {

    private static final String POLICIES = "policies read";

    private final PrincipalInspection principals;
    private final InheritedPolicies inherited;
    private final SideBySide reads;

    @Inject
    public UnexpectedPrincipalCheck(PrincipalInspection principals, InheritedPolicies inherited, SideBySide reads) {
        this.principals = principals;
        this.inherited = inherited;
        this.reads = reads;
    }

    @Override
    public int rank() {
        return 70;
    }

    @Override
    public String what() {
        return "principals";
    }

    @Override
    public String value(CheckSubject subject) {
        return subject.cache().get(POLICIES, Instant.MIN, readAt -> {}, () -> "");
    }

    @Override
    public String good() {
        return "nobody else can decrypt";
    }

    /** That the rest could not be read is told; what was read may still be good. */
    @Override
    public Optional<String> good(CheckSubject subject, List<Finding> found) {
        if (found.isEmpty()) {
            return Optional.of(good());
        }
        return found.stream().allMatch(finding -> finding.reason() == Reason.PRINCIPALS_UNKNOWN)
                ? Optional.of("nobody else can decrypt by the policies that could be read")
                : Optional.empty();
    }

    @Override
    public int kmsReads(CryptoKeyName key, Instant since) {
        return inherited.readsRing(key, since) ? 1 : 0;
    }

    @Override
    public boolean alsoWhenRevoked() {
        return true;
    }

    /** Begins to read what the key inherits; a key that is still to be made inherits it as well. */
    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        InheritedReads above = inherited.of(subject);
        above.begin(subject.key(), Reach.ORGANIZATION);
        Supplier<Exposure> ahead =
                reads.begin(() -> principals.inspect(subject.key(), List.of(), above, Reach.ORGANIZATION));
        return () -> {
            KeyState state = subject.state();
            Exposure exposure = ahead.get();
            if (state instanceof KeyState.Present present) {
                // What it inherits has been read.
                exposure = principals.inspect(subject.key(), present.policy().bindings(), above, Reach.ORGANIZATION);
            }
            policiesRead(subject, exposure, state);
            return check(subject.key(), exposure, state);
        };
    }

    /** Which policies were read is known after the check, and is kept with what its subject's checks share. */
    private static String policiesRead(CheckSubject subject, Exposure exposure, KeyState state) {
        return subject.cache().get(POLICIES, Instant.MIN, readAt -> {}, () -> {
            String read = exposure.read().stream()
                    .skip(state instanceof KeyState.Present ? 0 : 1)
                    .collect(Collectors.joining(", "));
            String unread = String.join("; ", exposure.unread());
            return "policies read: " + (read.isEmpty() ? "none" : read)
                    + (unread.isEmpty() ? "" : "; not read: " + unread);
        });
    }

    /** The worst of them refuses where it is blocking; the others are told beside it. */
    private static CheckResult check(CryptoKeyName key, Exposure exposure, KeyState state) {
        List<String> unread = new ArrayList<>();
        if (state instanceof KeyState.Inaccessible closed) {
            unread.add(closed.why().message());
        }
        unread.addAll(exposure.unread());
        List<Finding> findings = new ArrayList<>(KeyFindings.unexpectedPrincipals(key, exposure.principals()));
        if (!unread.isEmpty()) {
            findings.add(KeyFindings.principalsUnknown(key, unread));
        }
        boolean blocked = !findings.isEmpty() && findings.get(0).severity() == Severity.BLOCKING;
        return blocked
                ? new CheckResult(Optional.of(findings.get(0)), findings.subList(1, findings.size()))
                : CheckResult.warn(findings);
    }
}
