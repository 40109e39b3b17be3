package cmek.check;

/** Asked of a registered key by every scan, and when Anthropic cannot use it. */
public interface ScanCheck extends Check {

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
}
