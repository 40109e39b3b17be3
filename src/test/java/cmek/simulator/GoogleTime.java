package cmek.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Pattern;

/** Durations and timestamps as Google writes them in JSON. */
final class GoogleTime {

    private static final Pattern DURATION = Pattern.compile("-?[0-9]{1,12}(\\.[0-9]{1,9})?s");

    private GoogleTime() {}

    static String text(Duration duration) {
        BigDecimal seconds = BigDecimal.valueOf(duration.getSeconds()).add(BigDecimal.valueOf(duration.getNano(), 9));
        return (seconds.signum() == 0 ? "0" : seconds.stripTrailingZeros().toPlainString()) + "s";
    }

    /** The duration in a field of a request; empty when the field is missing. */
    static Optional<Duration> duration(JsonNode parent, String field) {
        return text(parent, field).map(text -> {
            if (!DURATION.matcher(text).matches()) {
                throw invalid(field, text);
            }
            BigDecimal seconds = new BigDecimal(text.substring(0, text.length() - 1));
            long whole = seconds.longValue();
            return Duration.ofSeconds(
                    whole,
                    seconds.subtract(BigDecimal.valueOf(whole))
                            .movePointRight(9)
                            .longValue());
        });
    }

    /** The timestamp in a field of a request; empty when the field is missing. */
    static Optional<Instant> instant(JsonNode parent, String field) {
        return text(parent, field).map(text -> {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException e) {
                throw invalid(field, text);
            }
        });
    }

    private static Optional<String> text(JsonNode parent, String field) {
        return Optional.of(parent.path(field))
                .filter(value -> !value.isMissingNode() && !value.isNull())
                .map(JsonNode::asText);
    }

    private static GoogleFailure invalid(String field, String text) {
        return GoogleFailure.invalidArgument("Invalid value at '" + field + "': \"" + text + "\"");
    }
}
