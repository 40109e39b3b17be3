package cmek.check;

import cmek.finding.Finding;
import cmek.finding.KeyFindings;
import cmek.finding.Reason;
import cmek.finding.Severity;
import cmek.finding.TransientException;
import cmek.model.Mode;
import cmek.model.OrganizationId;
import cmek.model.OrganizationLabel;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether a key that exists is as Anthropic needs it, as far as this onboarding will not make it so. All that is wrong is told
 * at once.
 */
@Singleton
public final class KeyReadyCheck implements PrerequisiteCheck {

    private final KeyInspection keys;
    private final OrganizationLabel label;

    @Inject
    public KeyReadyCheck(KeyInspection keys, OrganizationId organization) {
        this.keys = keys;
        this.label = organization.label();
    }

    @Override
    public int rank() {
        return 75;
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return () -> subject.state() instanceof KeyState.Present present ? check(subject, present) : CheckResult.CLEAR;
    }

    private CheckResult check(CheckSubject subject, KeyState.Present present) {
        List<Finding> found = new ArrayList<>(keys.usability(present.key(), subject.request(), subject::versions));
        List<Finding> refusing = new ArrayList<>(found.stream()
                .filter(finding -> finding.severity() == Severity.BLOCKING)
                .toList());
        if (!label.isOn(present.key().labels()) && !label.fitsInto(present.key().labels())) {
            refusing.add(KeyFindings.labelsFull(subject.key(), label));
        } else if (subject.request().mode() == Mode.VALIDATE) {
            refusing.addAll(keys.label(present.key()));
        }
        if (subject.request().mode() == Mode.VALIDATE) {
            refusing.addAll(keys.grant(subject.key(), present.policy()));
        }
        List<Finding> notices = found.stream()
                .filter(finding -> finding.severity() == Severity.NOTICE)
                .toList();
        if (!refusing.isEmpty()) {
            return new CheckResult(Optional.of(Finding.all(refusing)), notices);
        }
        found.stream()
                .filter(finding -> finding.reason() == Reason.KEY_VERSION_NOT_READY)
                .findFirst()
                .ifPresent(pending -> {
                    throw new TransientException(pending.reason(), pending.message(), null);
                });
        return CheckResult.warn(notices);
    }
}
