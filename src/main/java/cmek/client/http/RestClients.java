package cmek.client.http;

import io.quarkus.arc.DefaultBean;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.resteasy.reactive.client.api.LoggingScope;

/**
 * Makes clients of outside REST APIs from their interfaces. If the interfaces were registered with Quarkus, each would
 * have about sixty settings of its own, which every process reads when it starts; that was half of a cold start.
 */
@Singleton
@DefaultBean
public class RestClients {

    /** The user agent by which the other side knows us. */
    static final String USER_AGENT = "cmek-onboarding";

    static final Duration CONNECT_AT_MOST = Duration.ofSeconds(5);
    static final Duration ANSWER_AT_MOST = Duration.ofSeconds(10);

    /** Anthropic itself waits up to 30 seconds for Cloud KMS. */
    static final Duration VALIDATE_AT_MOST = Duration.ofSeconds(60);

    private final TlsConfigurationRegistry tls;
    private final Duration connectAtMost;
    private final Duration answerAtMost;
    private final Duration validateAtMost;

    /** Closes the connections of calls that take too long. */
    private final ScheduledThreadPoolExecutor timer;

    @Inject
    RestClients(TlsConfigurationRegistry tls) {
        this(tls, CONNECT_AT_MOST, ANSWER_AT_MOST, VALIDATE_AT_MOST);
    }

    /** With other timeouts, for tests. */
    public RestClients(
            TlsConfigurationRegistry tls, Duration connectAtMost, Duration answerAtMost, Duration validateAtMost) {
        this.tls = tls;
        this.connectAtMost = connectAtMost;
        this.answerAtMost = answerAtMost;
        this.validateAtMost = validateAtMost;
        this.timer = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "cmek-call-limit");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    /** A client of an API at a base URL. */
    public <T> T client(Class<T> api, URI url) {
        return made(api, url, answerAtMost);
    }

    /** The same for calls that make the other side wait for a third party. */
    public <T> T longRunningClient(Class<T> api, URI url) {
        return made(api, url, validateAtMost);
    }

    private <T> T made(Class<T> api, URI url, Duration atMost) {
        QuarkusRestClientBuilder builder = QuarkusRestClientBuilder.newBuilder()
                .baseUri(url)
                .connectTimeout(connectAtMost.toMillis(), TimeUnit.MILLISECONDS)
                .readTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS)
                .followRedirects(false)
                // Whatever the environment says: a request has a credential in it.
                .loggingScope(LoggingScope.NONE)
                .userAgent(USER_AGENT);
        CallLimit limit = new CallLimit(atMost, timer);
        builder.register(limit);
        // Trusted certificates in place of the JDK's roots, where they are configured: quarkus.tls.trust-store.
        tls.getDefault().ifPresent(builder::tlsConfiguration);
        return builder.build(api);
    }

    @PreDestroy
    void close() {
        timer.shutdownNow();
    }
}
