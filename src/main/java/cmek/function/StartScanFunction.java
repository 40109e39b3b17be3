package cmek.function;

import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Begins a night: every registered key is going to be looked at. */
@WithLogContext
public final class StartScanFunction {

    private final ScanHandler door;

    @Inject
    StartScanFunction(ScanHandler door) {
        this.door = door;
    }

    /** Triggered by topic {@code cmek-night}, an empty message included. */
    @Funq("startNight")
    public void startNight(CloudEvent event) {
        door.start(event);
    }
}
