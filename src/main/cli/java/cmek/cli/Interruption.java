package cmek.cli;

import java.util.concurrent.atomic.AtomicBoolean;

/** Does something when the person presses Ctrl-C, or the process is told to end. */
final class Interruption {

    private final AtomicBoolean over = new AtomicBoolean();
    private final Thread hook;

    Interruption(Runnable work) {
        this.hook = new Thread(() -> {
            if (over.compareAndSet(false, true)) {
                work.run();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Nothing is to be done any more. */
    void forget() {
        if (over.compareAndSet(false, true)) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The process ends already.
            }
        }
    }
}
