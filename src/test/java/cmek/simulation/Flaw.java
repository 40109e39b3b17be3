package cmek.simulation;

/** A product that is broken on purpose, in one place: what the invariants must notice. */
enum Flaw {
    NONE,
    /** Every workspace looks free. */
    ATTACHES_WITHOUT_READING,
    /** The list of registrations is not read before a create. */
    CREATES_WITHOUT_LISTING,
    /** Two writes at Anthropic are not kept apart. */
    WRITES_WITHOUT_RESERVATION,
    /** A policy that somebody changed in between is overwritten. */
    WRITES_IAM_WITHOUT_ETAG,
    /** The labels of others are dropped. */
    REPLACES_LABELS,
    /** No validation before an attach. */
    SKIPS_VALIDATION,
    /** No memory of how an onboarding ended. */
    FORGETS_TERMINAL_RESULTS,
    /** Messages are acknowledged before their work is done. */
    ACKNOWLEDGES_FIRST,
    /** A label that is there is not seen. */
    LABELS_AGAIN,
    /** Dead letters are thrown away. */
    DROPS_DEAD_LETTERS
}
