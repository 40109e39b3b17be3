package cmek.model;

/** Where Cloud KMS keeps a key's material, as far as Anthropic accepts it. */
public enum ProtectionLevel {
    HSM,
    SOFTWARE
}
