package cmek.function;

import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Hears of a change of a key within minutes and has it looked at. */
@WithLogContext
public final class RescanChangedKeyFunction {

    private final ScanHandler door;

    @Inject
    RescanChangedKeyFunction(ScanHandler door) {
        this.door = door;
    }

    /** Triggered by topic {@code cmek-key-changes}, which a log sink of Admin Activity entries feeds. */
    @Funq("recheckChangedKey")
    public void recheckChangedKey(CloudEvent event) {
        door.recheck(event);
    }
}
