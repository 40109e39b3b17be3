package cmek.function;

import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Looks at one registered key. */
@WithLogContext
public final class ScanKeyFunction {

    private final ScanHandler door;

    @Inject
    ScanKeyFunction(ScanHandler door) {
        this.door = door;
    }

    /** Triggered by topic {@code cmek-inspect-key}. */
    @Funq("inspectKey")
    public void inspectKey(CloudEvent event) {
        door.inspect(event);
    }
}
