package cmek.scan.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.check.KeyInspection;
import cmek.client.anthropic.AdminApiInProcess;
import cmek.fake.Checks;
import cmek.fake.KmsInProcess;
import cmek.fake.Sample;
import cmek.fake.Scans;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.AnthropicPrincipal;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RepairKeyTest {

    private final KmsInProcess kms = Scans.healthy(Sample.CLOCK);
    private final RepairKey repair = new RepairKey(
            kms.client(),
            new KeyInspection(kms.client(), Sample.POLICY, Sample.ORGANIZATION),
            new AdminApiInProcess().client(),
            Checks.names(),
            Sample.POLICY,
            Sample.ORGANIZATION);

    @Test
    void theLabelIsMergedIntoThoseOfOthers() {
        kms.withLabels(Sample.KEY, Map.of("team", "payments"));

        repair.restore(Sample.KEY, Reason.LABEL_MISSING);

        assertThat(kms.google().labels(Sample.KEY.toString()))
                .isEqualTo(
                        Map.of("team", "payments", Sample.ORGANIZATION.label().key(), "true"));
    }

    @Test
    void aLabelThatIsThereIsNotWritten() {
        repair.restore(Sample.KEY, Reason.LABEL_MISSING);

        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void aFullKeyIsRefused() {
        Map<String, String> full =
                IntStream.range(0, 64).boxed().collect(Collectors.toMap(number -> "label-" + number, number -> "x"));
        kms.withLabels(Sample.KEY, full);

        assertThatThrownBy(() -> repair.restore(Sample.KEY, Reason.LABEL_MISSING))
                .isInstanceOfSatisfying(
                        PermanentException.class,
                        refusal -> assertThat(refusal.finding().reason()).isEqualTo(Reason.LABELS_FULL));
        assertThat(kms.writes()).isEmpty();
    }

    @Test
    void bothRolesComeBackInOneWriteAndOthersStay() {
        kms.withPolicy(
                Sample.KEY,
                "{\"etag\":\"BwE=\",\"bindings\":[{\"role\":\"roles/owner\",\"members\":[\"user:a@example.com\"]}]}");

        repair.restore(Sample.KEY, Reason.BINDING_MISSING);

        assertThat(kms.writes()).hasSize(1);
        assertThat(kms.client().policy(Sample.KEY).grants("roles/owner", "user:a@example.com"))
                .isTrue();
        assertThat(AnthropicPrincipal.ROLES)
                .allMatch(role -> kms.client().policy(Sample.KEY).grants(role, AnthropicPrincipal.MEMBER));
    }

    @Test
    void somebodyFasterIsReadAgain() {
        kms.withPolicy(Sample.KEY, "{}").withConflicts(Sample.KEY, 2);

        repair.restore(Sample.KEY, Reason.BINDING_MISSING);

        assertThat(kms.writes()).hasSize(1);
    }

    @Test
    void fiveConflictsAreEnough() {
        kms.withPolicy(Sample.KEY, "{}").withConflicts(Sample.KEY, 5);

        assertThatThrownBy(() -> repair.restore(Sample.KEY, Reason.BINDING_MISSING))
                .isInstanceOf(TransientException.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"LABEL_MISSING", "BINDING_MISSING"})
    void nothingElseIsEverRestored(Reason lost) {
        assertThatThrownBy(() -> repair.restore(Sample.KEY, lost)).isInstanceOf(IllegalArgumentException.class);
        assertThat(kms.writes()).isEmpty();
    }
}
