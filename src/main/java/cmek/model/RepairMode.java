package cmek.model;

/** What is done about a label or a binding that an attached key has lost. */
public enum RepairMode {
    /** It is reported. */
    OBSERVE,
    /** It is reported and restored. */
    REPAIR
}
