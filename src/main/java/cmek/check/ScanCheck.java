package cmek.check;

/** Asked of a registered key by every scan. */
public interface ScanCheck extends Check {

    /** What is good where it found nothing, in a few words. */
    String good();
}
