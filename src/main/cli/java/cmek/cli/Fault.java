package cmek.cli;

import cmek.model.Json;
import cmek.model.SafeText;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Something that is wrong in a request file.
 *
 * @param field its path, such as {@code key.location}; empty where the request as a whole is meant
 * @param allowed what to write instead
 */
record Fault(String file, int line, String field, String message, String allowed) {

    /** Of a request as a whole, or of a file that cannot be read. */
    static Fault of(String file, int line, String message, String allowed) {
        return new Fault(file, line, "", message, allowed);
    }

    /** As compilers write it, so that editors find the place. */
    String shown() {
        return SafeText.sanitize(file + ":" + line + ": " + message, 2_000)
                + (allowed.isEmpty() ? "" : "\n    fix: " + SafeText.sanitize(allowed, 2_000));
    }

    ObjectNode json() {
        return Json.MAPPER
                .createObjectNode()
                .put("file", file)
                .put("line", line)
                .put("field", field)
                .put("message", message)
                .put("fix", allowed);
    }
}
