package cmek.function;

import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.inject.Inject;

/** Hears of a change of a key within minutes and has it looked at. */
@Watched
public final class RecheckChangedKeyFunction {

    private final NightDoor door;

    @Inject
    RecheckChangedKeyFunction(NightDoor door) {
        this.door = door;
    }

    /** Triggered by topic {@code cmek-key-changes}, which a log sink of Admin Activity entries feeds. */
    @Funq("recheckChangedKey")
    public void recheckChangedKey(CloudEvent event) {
        door.recheck(event);
    }
}
