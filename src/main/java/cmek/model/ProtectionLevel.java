package cmek.model;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** Where Cloud KMS keeps a key's material, as far as Anthropic accepts it. */
@RegisterForReflection
public enum ProtectionLevel {
    HSM,
    /** Cloud HSM on a partition of one's own; whether Anthropic accepts it is not known. */
    HSM_SINGLE_TENANT,
    SOFTWARE
}
