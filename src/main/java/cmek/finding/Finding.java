package cmek.finding;

import cmek.model.SafeText;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * Something that is not as it must be: why a request is refused, or what a result warns about.
 *
 * @param message one line, with the actual values in it
 * @param remedy commands or instructions that fix it, ready to be pasted
 */
@RegisterForReflection
public record Finding(Reason reason, String message, List<String> remedy) {

    /** In characters; text quoted from an outside API is cut much shorter. */
    public static final int SHOWN = 4_000;

    /** Every text is a single line, whatever is quoted in it and wherever the finding was read from. */
    public Finding {
        if (message.isBlank() || remedy.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("a finding without a message, or with an empty remedy");
        }
        message = SafeText.sanitize(message, SHOWN);
        remedy = remedy.stream().map(line -> SafeText.sanitize(line, SHOWN)).toList();
    }
}
