package cmek.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {

    record Event(Instant at, Optional<Instant> until, List<Instant> others, Map<String, String> texts) {}

    @ParameterizedTest
    @CsvSource({
        "2026-11-23T02:00:00Z,2026-11-23T02:00:00.000Z",
        "2026-11-23T02:00:00.120Z,2026-11-23T02:00:00.120Z",
        "2026-11-23T02:00:00.123456789Z,2026-11-23T02:00:00.123Z",
        "2020-08-08T00:11:44.895529672Z,2020-08-08T00:11:44.895Z"
    })
    void aTimeHasThreeDecimals(Instant at, String written) throws IOException {
        Event event = new Event(at, Optional.of(at), List.of(at), Map.of());

        String json = Json.written(event);

        assertThat(json)
                .isEqualTo(
                        "{\"at\":\"%1$s\",\"until\":\"%1$s\",\"others\":[\"%1$s\"],\"texts\":{}}".formatted(written));
        Event read = Json.MAPPER.readValue(json, Event.class);
        assertThat(Json.written(read)).isEqualTo(json);
    }

    @Test
    void theTextOfTimesSortsAsTheyDo() {
        Instant whole = Instant.parse("2026-11-23T02:00:23Z");

        assertThat(EventTime.written(whole)).isLessThan(EventTime.written(whole.plusMillis(148)));
    }

    @Test
    void noTextHasACredentialInIt() {
        Event event = new Event(
                Instant.EPOCH,
                Optional.empty(),
                List.of(),
                Map.of("message", "invalid x-api-key: sk-ant-admin01-0123456789abcdef"));

        assertThat(Json.written(event)).contains("invalid x-api-key: sk-ant-REDACTED");
    }
}
