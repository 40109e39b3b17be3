package cmek.check;

import cmek.client.kms.KeyManagement;
import cmek.client.kms.RetiredName;
import cmek.finding.KeyFindings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether a registered key exists, and if it does not, whether it ever did. */
@Singleton
public final class KeyExistsCheck implements ScanCheck {

    private final KeyManagement kms;

    @Inject
    public KeyExistsCheck(KeyManagement kms) {
        this.kms = kms;
    }

    @Override
    public int rank() {
        return 20;
    }

    @Override
    public String what() {
        return "key";
    }

    @Override
    public String value(CheckSubject subject) {
        return subject.info()
                .map(key -> key.protectionLevel()
                        + key.destroyScheduledDuration()
                                .map(delay -> ", destruction delayed by " + KeyValues.days(delay))
                                .orElse(""))
                .orElse("");
    }

    @Override
    public String good() {
        return "the key exists";
    }

    @Override
    public boolean needsKey() {
        return false;
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return () -> subject.info().isPresent() ? CheckResult.CLEAR : missing(subject);
    }

    private CheckResult missing(CheckSubject subject) {
        KeyUse use = subject.use();
        if (kms.retiredName(subject.key()) instanceof RetiredName.Retired retired) {
            return CheckResult.warn(KeyFindings.keyDeleted(subject.key(), retired.deletedAt(), use.lost("is lost")));
        }
        return CheckResult.warn(
                use.seen().isPresent()
                        ? KeyFindings.keyDeleted(subject.key(), Optional.empty(), use.lost("is lost"))
                        : KeyFindings.registeredKeyNotFound(subject.key(), use.lost("is lost")));
    }
}
