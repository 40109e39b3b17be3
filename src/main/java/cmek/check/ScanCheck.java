package cmek.check;

import cmek.finding.Finding;
import cmek.model.CryptoKeyName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Asked of a registered key by every scan, and when Anthropic cannot use it. */
public interface ScanCheck extends Check {

    /** A stable word for it, by which a report names it. */
    String what();

    /** What it saw of a key, in one line, whether that is good or not; asked after the check was made. */
    default String value(CheckSubject subject) {
        return "";
    }

    /** What is good where it found nothing, in a few words. */
    String good();

    /** Whether there is nothing to check where the key does not exist. */
    default boolean needsKey() {
        return true;
    }

    /** Whether it matters even of a key that was revoked on purpose: what is lost is not given back with it. */
    default boolean alsoWhenRevoked() {
        return false;
    }

    /**
     * What is good in spite of what was found.
     *
     * @param found by this check of this subject
     */
    default Optional<String> good(CheckSubject subject, List<Finding> found) {
        return found.isEmpty() ? Optional.of(good()) : Optional.empty();
    }

    /**
     * How many reads of Cloud KMS it makes itself, beside those that the subject has for all checks.
     *
     * @param since what was read earlier for other keys does not count
     */
    default int kmsReads(CryptoKeyName key, Instant since) {
        return 0;
    }
}
