package cmek.client.http;

import cmek.simulator.Call;
import cmek.simulator.Reply;
import cmek.simulator.Simulator;
import cmek.simulator.SimulatorServer;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.api.client.testing.http.MockLowLevelHttpRequest;
import com.google.api.client.testing.http.MockLowLevelHttpResponse;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.QueryParam;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.rest.client.annotation.ClientHeaderParam;
import org.jspecify.annotations.Nullable;

/** A REST client's interface over a simulator in the same process: its annotations say what would be on the wire. */
public final class InProcess {

    private InProcess() {}

    /** The interface, answered by the simulator without a socket or a thread in between. */
    public static <T> T client(Class<T> api, Simulator wire) {
        Object proxy = Proxy.newProxyInstance(api.getClassLoader(), new Class<?>[] {api}, (self, method, arguments) -> {
            try {
                return response(answer(wire, call(api, method, Objects.requireNonNullElse(arguments, new Object[0]))));
            } catch (IOException e) {
                throw new ProcessingException(e);
            }
        });
        return api.cast(proxy);
    }

    /** What a simulator answers; a reset, or an {@link UncheckedIOException} of the simulator, is no answer. */
    public static Reply answer(Simulator wire, Call call) throws IOException {
        Reply reply;
        try {
            reply = wire.answer(call);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (reply.equals(SimulatorServer.RESET)) {
            throw new IOException("connection reset");
        }
        return reply;
    }

    /** What Google's clients send by, answered by the simulator on the thread of the caller. */
    public static GoogleHttp google(Simulator wire) {
        return new GoogleHttp(GoogleHttp.REQUEST_AT_MOST, transport(wire), new Here());
    }

    /** The same for a client that Google makes. */
    public static HttpTransport transport(Simulator wire) {
        return new Transport(wire);
    }

    /** Google's HTTP client over a simulator. */
    private static final class Transport extends HttpTransport {

        private final Simulator wire;

        Transport(Simulator wire) {
            this.wire = wire;
        }

        @Override
        protected LowLevelHttpRequest buildRequest(String method, String url) {
            return new MockLowLevelHttpRequest(url) {
                @Override
                public LowLevelHttpResponse execute() throws IOException {
                    Map<String, String> headers = new TreeMap<>();
                    getHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
                    ByteArrayOutputStream body = new ByteArrayOutputStream();
                    if (getStreamingContent() != null) {
                        headers.put("content-type", getContentType());
                        getStreamingContent().writeTo(body);
                    }
                    String verb = headers.getOrDefault("x-http-method-override", method);
                    Reply reply = answer(wire, Call.of(verb, URI.create(url), headers, body.toByteArray()));
                    MockLowLevelHttpResponse response = new MockLowLevelHttpResponse()
                            .setStatusCode(reply.status())
                            .setContent(reply.body())
                            .setContentType(reply.headers().get("content-type"));
                    reply.headers().forEach(response::addHeader);
                    return response;
                }
            };
        }

        @Override
        public boolean supportsMethod(String method) {
            return true;
        }
    }

    /** Makes a call on the thread that submits it; an error, unlike an exception, is nothing that a caller waits for. */
    private static final class Here extends AbstractExecutorService {

        @Override
        public <T> Future<T> submit(Callable<T> call) {
            try {
                return CompletableFuture.completedFuture(call.call());
            } catch (Exception e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        @Override
        public void execute(Runnable work) {
            work.run();
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }

    private static CannedResponse response(Reply reply) {
        return new CannedResponse(reply.status(), reply.headers(), new ByteArrayInputStream(reply.body()));
    }

    private static Call call(Class<?> api, Method method, @Nullable Object[] arguments) throws IllegalAccessException {
        String path = api.getAnnotation(Path.class).value()
                + (method.isAnnotationPresent(Path.class)
                        ? method.getAnnotation(Path.class).value()
                        : "");
        Map<String, List<String>> query = new TreeMap<>();
        Map<String, String> headers = new TreeMap<>();
        for (ClientHeaderParam header : api.getAnnotationsByType(ClientHeaderParam.class)) {
            headers.put(header.name().toLowerCase(Locale.ROOT), header.value()[0]);
        }
        byte[] body = new byte[0];
        for (int i = 0; i < arguments.length; i++) {
            Object argument = arguments[i];
            Annotation[] annotations = method.getParameterAnnotations()[i];
            if (annotations.length == 0 || isNullable(annotations)) {
                body = argument instanceof byte[] bytes
                        ? bytes.clone()
                        : String.valueOf(argument).getBytes(StandardCharsets.UTF_8);
                headers.put("content-type", "application/json");
            }
            for (Annotation annotation : annotations) {
                if (annotation instanceof PathParam parameter) {
                    path = path.replace("{" + parameter.value() + "}", String.valueOf(argument));
                } else if (annotation instanceof QueryParam parameter && argument != null) {
                    query.computeIfAbsent(parameter.value(), unused -> new ArrayList<>())
                            .add(String.valueOf(argument));
                } else if (annotation instanceof HeaderParam parameter && argument != null) {
                    headers.put(parameter.value(), String.valueOf(argument));
                } else if (annotation instanceof BeanParam && argument != null) {
                    headers.putAll(headersOf(argument));
                }
            }
        }
        String verb = method.isAnnotationPresent(GET.class)
                ? "GET"
                : method.isAnnotationPresent(POST.class) ? "POST" : "DELETE";
        return new Call(verb, path.startsWith("/") ? path : "/" + path, query, headers, body);
    }

    private static Map<String, String> headersOf(Object bean) throws IllegalAccessException {
        Map<String, String> headers = new TreeMap<>();
        for (Field field : bean.getClass().getDeclaredFields()) {
            field.setAccessible(true);
            Object value = field.get(bean);
            if (field.isAnnotationPresent(HeaderParam.class) && value != null) {
                headers.put(field.getAnnotation(HeaderParam.class).value(), String.valueOf(value));
            }
        }
        return headers;
    }

    private static boolean isNullable(Annotation[] annotations) {
        return annotations.length == 1 && annotations[0] instanceof Nullable;
    }
}
