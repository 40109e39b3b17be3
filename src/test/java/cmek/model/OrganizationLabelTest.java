package cmek.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrganizationLabelTest {

    private static final String NAME = "anthropic-org-3f9a1c52-7b8e-4d21-9c60-5a4e8f2b7d13";
    private final OrganizationLabel label = new OrganizationId("3f9a1c52-7b8e-4d21-9c60-5a4e8f2b7d13").label();

    @Test
    void theLabelIsMadeOfTheOrganizationsUuid() {
        assertThat(label).hasToString(NAME + "=true");
    }

    @Test
    void theNameOfTheLabelIsOneThatCloudKmsAccepts() {
        assertThat(label.key()).matches("[a-z][a-z0-9_-]{0,62}");
    }

    @Test
    void otherLabelsAreKept() {
        Map<String, String> others = Map.of("team", "payments", "anthropic-org-other", "true");

        assertThat(label.mergedInto(others))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("team", "payments", "anthropic-org-other", "true", NAME, "true"));
    }

    @Test
    void anotherValueIsNotTheLabelAndIsReplaced() {
        Map<String, String> wrong = Map.of(NAME, "false");

        assertThat(label.isOn(wrong)).isFalse();
        assertThat(label.mergedInto(wrong)).isEqualTo(Map.of(NAME, "true"));
    }

    @Test
    void theLabelOfAnotherOrganizationIsNotThisOne() {
        assertThat(label.isOn(Map.of("anthropic-org-00000000-0000-0000-0000-000000000000", "true")))
                .isFalse();
    }

    @Test
    void whatIsOnIsMergedToTheSame() {
        assertThat(label.isOn(Map.of(NAME, "true"))).isTrue();
        assertThat(label.mergedInto(Map.of(NAME, "true"))).isEqualTo(Map.of(NAME, "true"));
    }

    @Test
    void thereIsRoomForSixtyFourLabels() {
        assertThat(label.fitsInto(labels(63))).isTrue();
        assertThat(label.fitsInto(labels(64))).isFalse();
    }

    @Test
    void aLabelThatIsThereNeedsNoRoom() {
        Map<String, String> full = labels(63);
        full.put(NAME, "false");

        assertThat(label.fitsInto(full)).isTrue();
    }

    private static Map<String, String> labels(int many) {
        return IntStream.range(0, many).mapToObj(i -> "l" + i).collect(Collectors.toMap(Function.identity(), l -> ""));
    }
}
