package cmek.function;

import cmek.config.CmekConfig;
import cmek.finding.RedeliveryException;
import cmek.finding.TransientException;
import cmek.function.logging.ResultLog;
import cmek.function.logging.TraceId;
import cmek.logging.LogContext;
import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.util.Optional;

/**
 * Names the delivery that a function works on, labels every line that it logs with its request, step and key, and logs its
 * unexpected failure.
 */
@WithLogContext
@Interceptor
@Priority(Interceptor.Priority.LIBRARY_BEFORE)
class LogContextInterceptor {

    private final IncomingHeaders headers;
    private final ResultLog log;
    private final Optional<String> project;

    @Inject
    LogContextInterceptor(IncomingHeaders headers, ResultLog log, CmekConfig config) {
        this.headers = headers;
        this.log = log;
        this.project = config.google().project();
    }

    @AroundInvoke
    Object around(InvocationContext context) throws Exception {
        CloudEvent event = ManualEvents.identified((CloudEvent) context.getParameters()[0], headers);
        // Where it has no id of its own, it gets one here, once for all that is done with it.
        context.setParameters(new Object[] {event});
        return watch(context.getMethod().getAnnotation(Funq.class).value(), event, context::proceed);
    }

    /** A function at work. */
    interface Work {
        Object run() throws Exception;
    }

    Object watch(String function, CloudEvent event, Work work) throws Exception {
        PubSubMessage message = PubSubMessage.of(event);
        LogContext.begin(
                function, message.attribute("requestId").orElse(message.id()), message.attribute("key"), trace(event));
        try {
            return work.run();
        } catch (RedeliveryException | TransientException e) {
            // Expected: the message is delivered again.
            throw e;
        } catch (Exception | Error e) {
            log.write(function, e);
            throw e;
        } finally {
            LogContext.end();
        }
    }

    /** The event's own trace, otherwise that of the HTTP request that delivered it. */
    private Optional<String> trace(CloudEvent event) {
        return Optional.ofNullable(event.getExtension(TraceId.TRACEPARENT))
                .map(Object::toString)
                .flatMap(TraceId::ofTraceparent)
                .or(() -> headers.header(TraceId.TRACEPARENT).flatMap(TraceId::ofTraceparent))
                .or(() -> headers.header(TraceId.CLOUD_TRACE).flatMap(TraceId::ofCloudTraceContext))
                .flatMap(id -> project.map(id::in));
    }
}
