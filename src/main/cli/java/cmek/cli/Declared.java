package cmek.cli;

import cmek.model.OnboardingRequest;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A request as it stands in a file, and as the service will read it.
 *
 * @param json what is published
 * @param request what that means
 */
record Declared(String file, int line, ObjectNode json, OnboardingRequest request) {

    Declared {
        json = json.deepCopy();
    }

    @Override
    public ObjectNode json() {
        return json.deepCopy();
    }

    /** Where it stands. */
    String place() {
        return file + ":" + line;
    }
}
