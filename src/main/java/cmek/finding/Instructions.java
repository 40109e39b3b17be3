package cmek.finding;

/** Instructions that end many remedies. */
final class Instructions {

    static final String PUBLISH_AGAIN = "then publish the same request again";

    /** Anthropic counts neither as an attachment, and tells nobody of them over its API. */
    static final String OTHER_USES =
            "External Storage or data controls use it, which only the Console shows: check there first";

    private Instructions() {}
}
