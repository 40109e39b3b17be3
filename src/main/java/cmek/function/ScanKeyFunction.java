package cmek.function;

import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Looks at one registered key. */
@WithLogContext
public final class ScanKeyFunction {

    private final ScanHandler handler;

    @Inject
    ScanKeyFunction(ScanHandler handler) {
        this.handler = handler;
    }

    /** Triggered by topic {@code cmek-scan-key}. */
    @Funq("scanKey")
    public void scanKey(CloudEvent event) {
        handler.scanKey(event);
    }
}
