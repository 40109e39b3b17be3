package cmek.client.anthropic;

/** The vendor's answer to a validation; HTTP says 200 to both. */
public sealed interface Validation {

    record Success() implements Validation {}

    /**
     * The vendor could not use the key.
     *
     * @param vendorText free text to show, never to match on; already made safe to show
     */
    record Failure(String vendorText) implements Validation {}
}
