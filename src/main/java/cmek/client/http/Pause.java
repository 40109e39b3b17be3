package cmek.client.http;

import java.time.Duration;

/** Lets time pass between two attempts; a test passes none. */
@FunctionalInterface
public interface Pause {

    void pause(Duration duration) throws InterruptedException;
}
