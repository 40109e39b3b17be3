package cmek.scan;

import cmek.finding.Reason;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Since when a key is as it is, as far as checks have seen. What a check could not see is so as long as it was before.
 *
 * @param since when a check first saw the key with its status
 * @param downSince when a check first saw that Anthropic cannot use the key; empty where it can
 * @param reasons when a check first saw each reason that the key has now
 */
@RegisterForReflection
public record Standing(Instant since, Optional<Instant> downSince, Map<Reason, Instant> reasons) {

    public Standing {
        reasons = reasons.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(reasons));
    }
}
