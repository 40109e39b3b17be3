package cmek.function;

import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Hears of a change of a key within minutes and has it checked. */
@WithLogContext
public final class RescanChangedKeyFunction {

    private final ScanHandler handler;

    @Inject
    RescanChangedKeyFunction(ScanHandler handler) {
        this.handler = handler;
    }

    /** Triggered by topic {@code cmek-key-changes}, which a log sink of Admin Activity entries feeds. */
    @Funq("rescanChangedKey")
    public void rescanChangedKey(CloudEvent event) {
        handler.rescanChangedKey(event);
    }
}
