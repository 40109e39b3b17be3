package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.result.Status;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FindingOrderTest {

    @ParameterizedTest
    @CsvSource({
        "'', HEALTHY",
        "NOT_REACHED, UNREACHABLE",
        "REGISTERED_NOT_ATTACHED, UNUSED",
        "ARCHIVED_WORKSPACES_ONLY, UNUSED",
        "LABEL_MISSING, UNHEALTHY",
        "REVOKED_ON_PURPOSE, REVOKED",
        "REVOKED_ON_PURPOSE REGISTERED_NOT_ATTACHED, REVOKED",
        "NOT_REACHED REVOKED_ON_PURPOSE, UNREACHABLE",
        "REVOKED_ON_PURPOSE UNEXPECTED_PRINCIPAL, UNHEALTHY",
        "REVOKED_ON_PURPOSE OLD_VERSION_LOST, UNHEALTHY",
        "NOT_REACHED LABEL_MISSING, UNHEALTHY",
        "NOT_REACHED REGISTERED_NOT_ATTACHED, UNREACHABLE",
        "REGISTERED_NOT_ATTACHED ROTATION_OVERDUE, UNHEALTHY"
    })
    void whatIsKnownToBeWrongIsUnhealthyAndWhatIsNotKnownIsUnreachable(String reasons, Status status) {
        assertThat(FindingOrder.status(findings(reasons))).isEqualTo(status);
    }

    @Test
    void lossOfDataComesFirstAndWhatWasNotSeenAfterAllThatWas() {
        assertThat(FindingOrder.worstFirst(findings(
                        "REGISTERED_NOT_ATTACHED NOT_REACHED VALIDATION_FAILED LABEL_MISSING UNEXPECTED_PRINCIPAL"
                                + " KEY_VERSION_DESTROY_SCHEDULED")))
                .extracting(finding -> finding.reason().name())
                .containsExactly(
                        "KEY_VERSION_DESTROY_SCHEDULED",
                        "UNEXPECTED_PRINCIPAL",
                        "LABEL_MISSING",
                        "VALIDATION_FAILED",
                        "NOT_REACHED",
                        "REGISTERED_NOT_ATTACHED");
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void noReasonMakesAKeyBetterThanItIs(Reason reason) {
        List<Finding> alone = List.of(new Finding(reason, "x", List.of()));
        List<Finding> withLabel = List.of(alone.get(0), new Finding(Reason.LABEL_MISSING, "x", List.of()));

        assertThat(FindingOrder.status(withLabel)).isEqualTo(Status.UNHEALTHY);
        assertThat(FindingOrder.status(alone)).isNotEqualTo(Status.HEALTHY);
    }

    private static List<Finding> findings(String reasons) {
        return Stream.of(reasons.split(" "))
                .filter(word -> !word.isEmpty())
                .map(word -> new Finding(Reason.valueOf(word), word, List.of("x")))
                .toList();
    }
}
