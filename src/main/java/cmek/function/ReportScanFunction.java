package cmek.function;

import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Says what a scan came to, as soon as it can be said. */
@WithLogContext
public final class ReportScanFunction {

    private final ScanHandler handler;

    @Inject
    ReportScanFunction(ScanHandler handler) {
        this.handler = handler;
    }

    /** Triggered by topic {@code cmek-report-scan}; thrown until all is seen, for redelivery is its timer. */
    @Funq("reportScan")
    public void reportScan(CloudEvent event) {
        handler.reportScan(event);
    }
}
