package cmek.scan;

import cmek.model.ExternalKeyId;

/** A registration of a key that lies elsewhere than in Cloud KMS: listed, and skipped. */
public record OtherKey(ExternalKeyId id, String displayName, String provider) {}
