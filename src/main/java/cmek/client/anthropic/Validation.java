package cmek.client.anthropic;

/** Anthropic's answer to a validation; both have HTTP status 200. */
public sealed interface Validation {

    record Success() implements Validation {}

    /**
     * Anthropic could not use the key.
     *
     * @param anthropicText free text to show, never to match on; already made safe to show
     */
    record Failure(String anthropicText) implements Validation {}
}
