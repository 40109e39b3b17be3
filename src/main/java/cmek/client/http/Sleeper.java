package cmek.client.http;

import java.time.Duration;

/** Lets time pass between two attempts; a test passes none. */
@FunctionalInterface
public interface Sleeper {

    void pause(Duration duration) throws InterruptedException;
}
