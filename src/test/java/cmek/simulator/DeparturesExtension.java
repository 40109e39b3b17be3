package cmek.simulator;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class in which a client departed from the structure of an API. Registered for all classes; apart from what
 * it looks at, because the simulators also run where there is no JUnit.
 */
public final class DeparturesExtension implements AfterAllCallback {

    @Override
    public void afterAll(ExtensionContext context) {
        List<String> departures = Departures.taken();
        if (!departures.isEmpty()) {
            throw new AssertionError(
                    "Calls that the published structure of the API does not have:\n" + String.join("\n", departures));
        }
    }
}
