package cmek.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.fake.Nights;
import cmek.fake.Sample;
import cmek.finding.Finding;
import cmek.finding.NightFindings;
import cmek.finding.Reason;
import cmek.model.ExternalKeyId;
import cmek.model.WorkspaceId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvidenceJsonTest {

    /** A text that looks like the place where the keys are to stand. */
    private static final String MISLEADING = "\"expected\":[],\"rows\":[]";

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void aPlanInPiecesIsTheSameJson(int keys) throws IOException {
        NightRun run = run(keys);

        String json = String.join("", EvidenceJson.pieces(run));

        assertThat(json).isEqualTo(EvidenceJson.written(run));
        assertThat(EvidenceJson.read(json, NightRun.class)).isEqualTo(run);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void aReportInPiecesIsTheSameJsonEveryTime(int keys) throws IOException {
        NightReport report = report(keys);
        Pieces pieces = EvidenceJson.pieces(report);

        String json = String.join("", pieces);

        assertThat(json).isEqualTo(EvidenceJson.written(report)).isEqualTo(String.join("", pieces));
        assertThat(EvidenceJson.read(new ByteArrayInputStream(json.getBytes(UTF_8)), NightReport.class))
                .isEqualTo(report);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void aNightInPiecesIsTheSameJsonAnObjectOfItsKeys(int keys) throws IOException {
        NightSummary night = report(keys).summary();

        String json = String.join("", EvidenceJson.pieces(night));

        assertThat(json).isEqualTo(EvidenceJson.written(night));
        assertThat(json)
                .contains(IntStream.range(0, keys)
                        .mapToObj(i -> "\"ekey_" + i + "\":\"ORPHANED\"")
                        .collect(Collectors.joining(",", "\"keys\":{", "}")));
        assertThat(EvidenceJson.read(json, NightSummary.class)).isEqualTo(night);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "{\"ekey_1\":null}", "{\"ekey_1\":{}}", "{\"ekey_1\":\"FINE\"}"})
    void aNightOfSomethingElseIsNone(String keys) {
        String json = EvidenceJson.written(report(0).summary()).replace("\"keys\":{}", "\"keys\":" + keys);

        assertThatThrownBy(() -> EvidenceJson.read(json, NightSummary.class)).isInstanceOf(IOException.class);
    }

    @Test
    void noPieceHoldsTwoKeys() {
        assertThat(EvidenceJson.pieces(report(5)))
                .allSatisfy(piece -> assertThat(piece.split("\"displayName\"")).hasSizeLessThanOrEqualTo(2))
                .hasSize(15);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "{}", ""})
    void whatIsNoPlanIsNone(String text) {
        assertThatThrownBy(() -> EvidenceJson.read(new ByteArrayInputStream(text.getBytes(UTF_8)), NightRun.class))
                .isInstanceOf(IOException.class);
    }

    private static NightRun run(int keys) {
        Finding fault = new Finding(Reason.NOT_REACHED, MISLEADING, List.of(MISLEADING));
        return new NightRun(
                Nights.RUN,
                Sample.NOW,
                Sample.NOW.plusSeconds(3600),
                Packed.copyOf(
                        IntStream.range(0, keys).mapToObj(EvidenceJsonTest::key).toList()),
                Packed.of(new OtherKey(Nights.ID, MISLEADING, MISLEADING)),
                Packed.of(fault),
                List.of(fault));
    }

    private static NightReport report(int keys) {
        NightRun run = run(keys);
        return NightReport.of(
                run,
                run.expected().stream().map(EvidenceJsonTest::found).toList(),
                List.of(),
                Optional.empty(),
                List.of(),
                Sample.NOW);
    }

    private static RegisteredKey key(int number) {
        return new RegisteredKey(
                new ExternalKeyId("ekey_" + number),
                MISLEADING,
                Sample.KEY,
                true,
                List.of(new RegisteredKey.WorkspaceUse(new WorkspaceId("wrkspc_" + number), MISLEADING, false)),
                List.of(NightFindings.registeredNotAttached(Sample.KEY, Nights.ID)));
    }

    private static KeyReport found(RegisteredKey key) {
        return KeyReport.of(
                new KeyToInspect(Nights.RUN, key, Sample.NOW, Optional.empty()), key.standing(), Sample.NOW);
    }
}
