package cmek.model;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** What a request allows the chain to do. */
@RegisterForReflection
public enum Mode {
    /** Creates what is missing. */
    PROVISION,
    /** Takes a key that others manage: changes nothing in Cloud KMS, registers and attaches at Anthropic. */
    VALIDATE,
    /** Writes nothing anywhere and reports what each step would do. */
    PLAN;

    /** The word in requests and results. */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
