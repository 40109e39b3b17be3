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
    DROPS_DEAD_LETTERS,
    /** A key is attached although nobody approved. */
    IGNORES_APPROVALS,
    /** An approval is good for ever. */
    TAKES_LATE_APPROVALS,
    /** It is not kept that an approval was used. */
    FORGETS_USED_APPROVALS,
    /** Any team's workspace gets any team's key. */
    ALLOWS_ANY_WORKSPACE,
    /** A scan takes another key for the one that is registered. */
    SCANS_ANOTHER_KEY,
    /** A registration is deleted once there is another. */
    DELETES_REGISTRATIONS,
    /** What is replayed is thrown away. */
    DROPS_REPLAYS,
    /** A lock holds however long its process stood still. */
    NEVER_LOSES_A_LOCK
}
