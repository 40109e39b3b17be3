package cmek.function;

import cmek.client.pubsub.Topics;
import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Every event ends in something that is published. While a JVM still starts its HTTP server and reads the first event, a
 * second thread already does what publishing needs; the native executable has it all done.
 */
@Singleton
final class PublisherWarmUp {

    private static final Logger LOG = Logger.getLogger(PublisherWarmUp.class);
    private static final int AFTER_ALL_OTHERS = 10_000;

    private final Topics topics;

    @Inject
    PublisherWarmUp(Topics topics) {
        this.topics = topics;
    }

    void begin(@Observes @Priority(AFTER_ALL_OTHERS) StartupEvent event) {
        if (ImageMode.current() == ImageMode.JVM) {
            Thread thread = new Thread(this::warmUp, "cmek-publisher-warm-up");
            thread.setDaemon(true);
            thread.start();
        }
    }

    void warmUp() {
        try {
            topics.warmUp();
        } catch (RuntimeException e) {
            // Whatever is wrong, the first event meets it again, and somebody waits for its answer.
            LOG.debug("nothing was prepared", e);
        }
    }
}
