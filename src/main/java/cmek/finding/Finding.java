package cmek.finding;

import cmek.model.SafeText;
import java.util.List;

/**
 * Something that is not as it must be: why a request is refused, or what a result warns of.
 *
 * @param message one line, with the actual values in it
 * @param remedy commands or instructions that fix it, ready to be pasted
 */
public record Finding(Reason reason, String message, List<String> remedy) {

    /** Of characters; what an outside API says about itself is cut much shorter where it is quoted. */
    public static final int SHOWN = 4_000;

    /** A line is a line, whatever is quoted in it and wherever the finding was read from. */
    public Finding {
        if (message.isBlank() || remedy.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("a finding without a word");
        }
        message = SafeText.sanitize(message, SHOWN);
        remedy = remedy.stream().map(line -> SafeText.sanitize(line, SHOWN)).toList();
    }
}
