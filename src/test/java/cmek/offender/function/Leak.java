package cmek.offender.function;

import cmek.offender.client.kms.Destroyer;
import com.google.cloud.kms.v1.CryptoKey;

/** A door that knows a window behind the steps, and Cloud KMS' own types. */
public record Leak(Destroyer window, CryptoKey key) {}
