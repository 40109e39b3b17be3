package cmek.scan;

import cmek.model.EventTime;
import cmek.model.SafeText;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A change of a key, as the audit log has it.
 *
 * @param method {@code UpdateCryptoKeyVersion}, {@code SetIamPolicy}, …
 * @param principal who did it, made safe to show
 */
@RegisterForReflection
public record KeyChange(String method, String principal, Instant at) {

    /** The names of what was done and of who did it have no spaces; a sentence or a command has. */
    private static final Pattern METHOD = Pattern.compile("[A-Za-z]{1,60}");

    private static final Pattern PRINCIPAL = Pattern.compile("\\S{1,201}");

    public KeyChange {
        if (!METHOD.matcher(method).matches()) {
            throw new IllegalArgumentException("no change of a key: " + SafeText.quote(method));
        }
        if (!PRINCIPAL.matcher(principal).matches()
                || !SafeText.sanitize(principal, 201).equals(principal)) {
            throw new IllegalArgumentException("no principal: " + SafeText.quote(principal));
        }
        if (!EventTime.isPlausible(at)) {
            throw new IllegalArgumentException("no time of a change");
        }
    }

    @Override
    public String toString() {
        return method + " by " + principal + " at " + at;
    }
}
