package cmek.function;

import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Begins a scan: every registered key is going to be checked. */
@WithLogContext
public final class StartScanFunction {

    private final ScanHandler handler;

    @Inject
    StartScanFunction(ScanHandler handler) {
        this.handler = handler;
    }

    /** Triggered by topic {@code cmek-scan}, an empty message included. */
    @Funq("startScan")
    public void startScan(CloudEvent event) {
        handler.startScan(event);
    }
}
