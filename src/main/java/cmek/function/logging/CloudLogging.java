package cmek.function.logging;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.logging.Handler;
import java.util.logging.Logger;

/**
 * Replaces the log handlers of either host where Cloud Run collects the log. The lines of the HTTP service are plain text, so a
 * stack trace becomes many entries; the functions runtime writes stack traces with unescaped tabs, which are not valid JSON.
 *
 * @see <a href="https://cloud.google.com/run/docs/container-contract#services-env-vars">K_SERVICE</a>
 */
@Singleton
final class CloudLogging {

    void takeOver(@Observes @Priority(1) StartupEvent event) {
        if (System.getenv("K_SERVICE") != null) {
            Logger root = Logger.getLogger("");
            for (Handler handler : root.getHandlers()) {
                root.removeHandler(handler);
            }
            root.addHandler(new JsonLogHandler(System.out));
        }
    }
}
