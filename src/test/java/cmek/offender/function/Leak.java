package cmek.offender.function;

import cmek.offender.client.kms.Destroyer;
import com.google.cloud.kms.v1.CryptoKey;

/** An entry point that knows a client behind the steps, and Cloud KMS' own types. */
public record Leak(Destroyer window, CryptoKey key) {}
