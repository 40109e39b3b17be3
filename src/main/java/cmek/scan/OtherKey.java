package cmek.scan;

import cmek.model.ExternalKeyId;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** A registration of a key that is not in Cloud KMS: listed, and skipped. */
@RegisterForReflection
public record OtherKey(ExternalKeyId id, String displayName, String provider) {}
