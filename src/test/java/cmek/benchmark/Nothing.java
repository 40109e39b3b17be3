package cmek.benchmark;

import com.google.cloud.functions.CloudEventsFunction;
import io.cloudevents.CloudEvent;

/** Takes events and does nothing, without Quarkus and without us. */
public final class Nothing implements CloudEventsFunction {

    @Override
    public void accept(CloudEvent event) {
        // Nothing.
    }
}
