package cmek.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.fake.Sample;
import cmek.fake.Scans;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.finding.ScanFindings;
import cmek.model.ExternalKeyId;
import cmek.model.Json;
import cmek.model.WorkspaceId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScanJsonTest {

    /** A text that looks like JSON of ours. */
    private static final String MISLEADING = "\"expected\":[],\"rows\":[]";

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void aPlanIsReadAsItWasWritten(int keys) throws IOException {
        ScanPlan run = run(keys);

        String json = streamed(run);

        assertThat(json).isEqualTo(Json.written(run));
        assertThat(Json.read(stream(json), ScanPlan.class)).isEqualTo(run);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void aReportIsReadAsItWasWritten(int keys) throws IOException {
        ScanReport report = report(keys);

        String json = streamed(report);

        assertThat(json).isEqualTo(Json.written(report));
        assertThat(Json.read(stream(json), ScanReport.class)).isEqualTo(report);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void aSummaryHasAnObjectOfItsKeys(int keys) throws IOException {
        ScanSummary scan = report(keys).summary();

        String json = streamed(scan);

        assertThat(json)
                .contains(IntStream.range(0, keys)
                        .mapToObj(i -> "\"ekey_" + i + "\":\"UNUSED\"")
                        .collect(Collectors.joining(",", "\"keys\":{", "}")));
        assertThat(Json.read(stream(json), ScanSummary.class)).isEqualTo(scan);
        assertThat(Json.read(stream(json), ScanFigures.class)).isEqualTo(scan.figures());
    }

    @Test
    void theStreamIsLeftOpen() throws IOException {
        AtomicBoolean closed = new AtomicBoolean();

        Json.write(report(1), new ByteArrayOutputStream() {
            @Override
            public void close() {
                closed.set(true);
            }
        });

        assertThat(closed).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "{\"ekey_1\":null}", "{\"ekey_1\":{}}", "{\"ekey_1\":\"FINE\"}"})
    void aScanOfSomethingElseIsNone(String keys) {
        String json = Json.written(report(0).summary()).replace("\"keys\":{}", "\"keys\":" + keys);

        assertThatThrownBy(() -> Json.read(stream(json), ScanSummary.class)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "7", "[null]", "[7]", "[{}]"})
    void aListOfSomethingElseIsRefused(String expected) {
        String json = Json.written(
                        new ScanPlan(Scans.RUN, Sample.NOW, Sample.NOW, List.of(), List.of(), List.of(), List.of()))
                .replace("\"expected\":[]", "\"expected\":" + expected);

        assertThatThrownBy(() -> Json.read(stream(json), ScanPlan.class)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "{}", ""})
    void whatIsNoPlanIsNone(String text) {
        assertThatThrownBy(() -> Json.read(stream(text), ScanPlan.class)).isInstanceOf(IOException.class);
    }

    private static String streamed(Object value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Json.write(value, out);
        return out.toString(UTF_8);
    }

    private static ScanPlan run(int keys) {
        Finding fault = new Finding(Reason.NOT_REACHED, MISLEADING, List.of(MISLEADING));
        return new ScanPlan(
                Scans.RUN,
                Sample.NOW,
                Sample.NOW.plusSeconds(3600),
                IntStream.range(0, keys).mapToObj(ScanJsonTest::key).toList(),
                List.of(new OtherKey(Scans.ID, MISLEADING, MISLEADING)),
                List.of(fault),
                List.of(fault));
    }

    private static ScanReport report(int keys) {
        ScanPlan run = run(keys);
        return ScanReport.of(
                Sample.ORGANIZATION,
                "1",
                run,
                run.expected().stream().map(ScanJsonTest::found).toList(),
                List.of(),
                ScanReport.Before.NOTHING,
                Sample.NOW);
    }

    private static RegisteredKey key(int number) {
        return new RegisteredKey(
                new ExternalKeyId("ekey_" + number),
                MISLEADING,
                Sample.KEY,
                true,
                List.of(new RegisteredKey.WorkspaceUse(new WorkspaceId("wrkspc_" + number), MISLEADING, false)),
                List.of(ScanFindings.registeredNotAttached(Sample.KEY, Scans.ID)));
    }

    private static KeyReport found(RegisteredKey key) {
        return KeyReport.of(new KeyToScan(Scans.RUN, key, Sample.NOW, Optional.empty()), key.standing(), Sample.NOW);
    }

    private static InputStream stream(String json) {
        return new ByteArrayInputStream(json.getBytes(UTF_8));
    }
}
