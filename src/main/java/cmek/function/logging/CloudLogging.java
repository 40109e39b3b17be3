package cmek.function.logging;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.logging.Handler;
import java.util.logging.Logger;

/**
 * Takes the log over where Cloud Run collects it, on either host. Both hosts' own lines are of little use there: the HTTP
 * service's are plain text, a stack trace many of them, and the functions runtime writes stack traces with bare tabs, which no
 * JSON may have.
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
