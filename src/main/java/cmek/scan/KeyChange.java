package cmek.scan;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;

/**
 * A change of a key, as the audit log has it.
 *
 * @param method {@code UpdateCryptoKeyVersion}, {@code SetIamPolicy}, …
 * @param principal who did it, made safe to show
 */
@RegisterForReflection
public record KeyChange(String method, String principal, Instant at) {

    @Override
    public String toString() {
        return method + " by " + principal + " at " + at;
    }
}
