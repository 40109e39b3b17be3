package cmek.offender.onboarding.step;

import cmek.offender.model.Word;
import io.cloudevents.CloudEvent;
import java.time.Clock;
import java.time.Instant;

/** A step that knows another one and what brings its events, and checks the clock on the wall. */
public final class First {

    private final Second second = new Second();

    public String first(CloudEvent event, Word word) {
        return second.second() + event.getId() + word + Instant.now() + Clock.systemUTC() + System.currentTimeMillis();
    }
}
