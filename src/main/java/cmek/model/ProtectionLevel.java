package cmek.model;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** Where Cloud KMS keeps a key's material, as far as Anthropic accepts it. */
@RegisterForReflection
public enum ProtectionLevel {
    HSM,
    SOFTWARE
}
