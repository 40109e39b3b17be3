package cmek.onboarding;

import java.util.List;

/**
 * Something that is not as it must be: why a request is refused, or what a result warns of.
 *
 * @param message one line, with the actual values in it
 * @param remedy commands or instructions that mend it, ready to be pasted
 */
public record Finding(Reason reason, String message, List<String> remedy) {

    public Finding {
        remedy = List.copyOf(remedy);
    }
}
