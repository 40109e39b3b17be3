package cmek.onboarding.request;

import cmek.model.SafeText;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why a text is not JSON, for whoever wrote it: the library speaks of tokens and codes. */
public final class JsonFault {

    private static final int SHOWN = 40;
    private static final Pattern DUPLICATE = Pattern.compile("^Duplicate field '(.*)'", Pattern.DOTALL);
    private static final Pattern UNEXPECTED =
            Pattern.compile("^(?:Unexpected character \\(|Unrecognized token )('.*?')(?: \\(code|:|$)", Pattern.DOTALL);

    private JsonFault() {}

    /** The fault without its line and column, as the rest of a sentence about the text. */
    public static String describe(JsonProcessingException fault) {
        if (fault instanceof JsonEOFException) {
            return "it ends too early: a brace, a bracket or a quotation mark is not closed";
        }
        if (fault instanceof StreamConstraintsException) {
            return "it has more than " + RequestParser.DEPTH_AT_MOST
                    + " objects in one another, or a value is too long";
        }
        String message = String.valueOf(fault.getOriginalMessage());
        if (message.startsWith("Trailing token")) {
            return "something follows after its end";
        }
        if (message.startsWith("Invalid UTF-8")) {
            return "it is not text in UTF-8";
        }
        Matcher duplicate = DUPLICATE.matcher(message);
        if (duplicate.find()) {
            return "the field " + SafeText.sanitize(duplicate.group(1), SHOWN) + " is there twice";
        }
        Matcher unexpected = UNEXPECTED.matcher(message);
        return unexpected.find()
                ? SafeText.sanitize(unexpected.group(1), SHOWN) + " is not expected in JSON here"
                : "it is not well-formed JSON";
    }
}
