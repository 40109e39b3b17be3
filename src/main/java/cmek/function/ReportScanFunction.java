package cmek.function;

import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Says what a night came to, as soon as it can be said. */
@WithLogContext
public final class ReportScanFunction {

    private final ScanHandler door;

    @Inject
    ReportScanFunction(ScanHandler door) {
        this.door = door;
    }

    /** Triggered by topic {@code cmek-report-night}; thrown until all is seen, for redelivery is its timer. */
    @Funq("reportNight")
    public void reportNight(CloudEvent event) {
        door.report(event);
    }
}
