package cmek.logging;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.client.http.GoogleHttp;
import cmek.client.http.SideBySide;
import cmek.config.Configs;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.api.client.testing.http.MockHttpTransport;
import com.google.api.client.testing.http.MockLowLevelHttpRequest;
import com.google.api.client.testing.http.MockLowLevelHttpResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jboss.logging.MDC;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogContextTest {

    private static final String TRACE = "projects/acme-cmek/traces/4bf92f3577b34da6a3ce929d0e0e4736";

    @AfterEach
    void clear() {
        LogContext.end();
        MDC.remove("other");
    }

    @Test
    void theLabelsAreInTheMdc() {
        begin("one");

        assertThat(MDC.getMap())
                .containsEntry("requestId", "one")
                .containsEntry("step", "createKey")
                .containsEntry("key", "key of one")
                .containsEntry("trace", TRACE);
        assertThat(LogContext.labels()).containsOnlyKeys("requestId", "step", "key");
    }

    @Test
    void theLabelsOfOneFunctionAreNotThoseOfTheNext() {
        begin("one");
        LogContext.begin("onboard", "two", Optional.empty(), Optional.empty());

        assertThat(LogContext.labels()).isEqualTo(Map.of("requestId", "two", "step", "onboard"));
        assertThat(LogContext.trace()).isEmpty();

        MDC.put("other", "of somebody else");
        LogContext.end();

        assertThat(LogContext.labels()).isEmpty();
        assertThat(MDC.get("other")).isEqualTo("of somebody else");
    }

    @Test
    void aThreadOfAPoolLogsWithTheLabelsOfWhoeverGaveItTheWork() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            begin("one");
            List<String> seen = new ArrayList<>();
            pool.submit(LogContext.wrap(() -> seen.add(seen()))).get();
            begin("two");
            Runnable ofTwo = LogContext.wrap(() -> seen.add(seen()));
            LogContext.end();
            Runnable ofNobody = LogContext.wrap(() -> seen.add(seen()));

            pool.submit(ofTwo).get();
            pool.submit(ofNobody).get();

            assertThat(seen).containsExactly("one", "two", "nobody");
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void workThatRunsInTheSameThreadLeavesItsLabelsAsTheyWere() {
        List<String> seen = new ArrayList<>();
        begin("one");
        Runnable ofOne = LogContext.wrap(() -> seen.add(seen()));
        begin("two");

        ofOne.run();

        assertThat(seen).containsExactly("one");
        assertThat(seen()).isEqualTo("two");
        assertThat(LogContext.trace()).contains(TRACE);
    }

    @Test
    void aReadLogsWithTheLabelsOfTheFunction() {
        SideBySide reads = new SideBySide(Configs.of(Map.of()));
        for (String request : List.of("one", "two")) {
            begin(request);
            List<Supplier<String>> begun = Collections.nCopies(20, reads).stream()
                    .map(each -> each.begin(LogContextTest::seen))
                    .toList();

            assertThat(begun.stream().map(Supplier::get)).containsOnly(request);
        }
    }

    @Test
    void aCallToGoogleLogsWithTheLabelsOfTheFunction() throws IOException {
        GoogleHttp google = new GoogleHttp(Duration.ofSeconds(10));
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        MockHttpTransport transport = new MockHttpTransport.Builder()
                .setLowLevelHttpRequest(new MockLowLevelHttpRequest() {
                    @Override
                    public LowLevelHttpResponse execute() {
                        seen.add(seen() + " in "
                                + Thread.currentThread().getName().replaceAll("[0-9]", ""));
                        return new MockLowLevelHttpResponse();
                    }
                })
                .build();
        for (String request : List.of("one", "two")) {
            begin(request);
            HttpRequest call =
                    transport.createRequestFactory().buildGetRequest(new GenericUrl("http://localhost/" + request));
            google.send(call);
        }

        assertThat(seen).containsExactly("one in cmek-google-", "two in cmek-google-");
    }

    private static void begin(String request) {
        LogContext.begin("createKey", request, Optional.of("key of " + request), Optional.of(TRACE));
    }

    private static String seen() {
        return LogContext.labels().getOrDefault("requestId", "nobody");
    }
}
