package cmek.finding;

/** Instructions that end many remedies. */
final class Instructions {

    static final String PUBLISH_AGAIN = "then publish the same request again";

    private Instructions() {}
}
