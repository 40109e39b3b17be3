package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cmek.finding.Reason;
import cmek.simulator.Gcloud;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A remedy is pasted into a shell as it was published, the real {@code gcloud} runs it against the simulated APIs, and the
 * same request published again ends well.
 */
@Tag("thorough")
@QuarkusTest
@TestProfile(InTheSandbox.class)
class RemedyByGcloudTest extends FromOutside {

    /** Those of the matrix whose remedy is made of commands that leave nothing for a person to fill in or decide. */
    private static final Set<String> FIXED = Set.of(
            "api-disabled",
            "audit-off",
            "no-ring",
            "no-key",
            "without-primary",
            "disabled",
            "destroy-scheduled",
            "destroyed",
            "primary-unset",
            "generation-failed",
            "shut-down",
            "label",
            "binding",
            "conditional",
            "deleted-account",
            "public",
            "public-project",
            "public-ring",
            "look-alike",
            "outsider",
            "sharing-beforehand",
            "deny-policy");

    @BeforeEach
    void needsGcloud() {
        assumeTrue(Gcloud.isInstalled(), "gcloud is not on the PATH: no remedy was run");
    }

    static Stream<Row> rows() {
        return FaultMatrix.rows().stream()
                .filter(row -> FIXED.contains(row.name()))
                .map(row -> row.named("by-gcloud-" + row.name()));
    }

    @Test
    void nearlyEveryCauseWithACommandIsFixed() {
        Set<Reason> reasons = EnumSet.noneOf(Reason.class);
        rows().map(Row::reason).forEach(reasons::add);

        assertThat(rows()).hasSameSizeAs(FIXED);
        assertThat(reasons)
                .contains(
                        Reason.KMS_API_DISABLED,
                        Reason.AUDIT_LOGS_OFF,
                        Reason.DOMAIN_RESTRICTED_SHARING,
                        Reason.DENY_POLICY,
                        Reason.KEY_NOT_FOUND,
                        Reason.KEY_WITHOUT_PRIMARY,
                        Reason.KEY_VERSION_DISABLED,
                        Reason.KEY_VERSION_DESTROY_SCHEDULED,
                        Reason.KEY_VERSION_GENERATION_FAILED,
                        Reason.PROJECT_DELETE_REQUESTED,
                        Reason.LABEL_MISSING,
                        Reason.BINDING_MISSING,
                        Reason.BINDING_CONDITIONAL,
                        Reason.UNEXPECTED_PRINCIPAL);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void whatARemedySaysFixesIt(Row row, @TempDir Path directory) throws Exception {
        row.breakApis(deployment.apis());
        try {
            JsonNode finding = findingOf(last(deployment.onboard(row.message())), row);

            paste(finding, directory);

            JsonNode end = last(deployment.onboard(row.message()));
            assertThat(end.path("status").asText()).as(end.toString()).isIn("VALIDATED", "ATTACHED");
            assertThat(end.path("warnings").toString())
                    .doesNotContain(row.reason().name());
        } finally {
            row.restoreApis(deployment.apis());
        }
    }

    /** Whether the project has a policy of its own or inherits one, pasted in order it ends as it was, with the grant made. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theExceptionFromMemberDomainsIsTakenBackAndTheGrantStays(boolean ofItsOwn, @TempDir Path directory)
            throws Exception {
        Row row = Row.of(Reason.DOMAIN_RESTRICTED_SHARING, "by-gcloud-sharing-domains-" + ofItsOwn);
        row.breakApis(deployment.apis());
        deployment.apis().orgPolicy().allow("iam.allowedPolicyMemberDomains", "is:C0acme");
        if (ofItsOwn) {
            deployment.apis().orgPolicy().own(row.project(), "iam.allowedPolicyMemberDomains", "is:C0own");
        }
        try {
            JsonNode refused = last(deployment.onboard(row.message()));
            assertThat(refused.path("step").asText()).as(refused.toString()).isEqualTo("grantAccess");

            paste(refused, directory);

            assertThat(deployment.apis().orgPolicy().isRestricted(row.project(), "iam.allowedPolicyMemberDomains"))
                    .isTrue();
            assertThat(deployment.apis().orgPolicy().allowed(row.project(), "iam.allowedPolicyMemberDomains"))
                    .containsExactly(ofItsOwn ? "is:C0own" : "is:C0acme");
            assertThat(last(deployment.onboard(row.message())).path("status").asText())
                    .isEqualTo("VALIDATED");
        } finally {
            deployment.apis().orgPolicy().unset("iam.allowedPolicyMemberDomains");
        }
    }

    private static JsonNode findingOf(JsonNode end, Row row) {
        JsonNode finding = row.endsWell() ? end.path("warnings").path(0) : end;
        assertThat(finding.path("reason").asText())
                .as(end.toString())
                .isEqualTo(row.reason().name());
        return finding;
    }

    private void paste(JsonNode finding, Path directory) throws IOException, InterruptedException {
        Gcloud gcloud = new Gcloud(deployment.apis().googleUrls(), directory);
        List<String> lines = lines(finding);
        assertThat(lines).isNotEmpty();
        assumeTrue(
                Gcloud.isOnPath("jq") || lines.stream().noneMatch(line -> line.matches("(.*\\| )?jq .*")),
                "jq is not on the PATH: this remedy was not run");
        for (String line : lines) {
            gcloud.paste(line);
        }
    }

    /** The lines of a remedy that are commands; the others are for a person to read. Policies are in force at once here. */
    private static List<String> lines(JsonNode finding) {
        return Stream.iterate(0, index -> index < finding.path("remedy").size(), index -> index + 1)
                .map(index -> finding.path("remedy").path(index).asText())
                .filter(line -> line.matches("(gcloud|jq|echo) .*"))
                .toList();
    }

    private static JsonNode last(List<Results.Published> results) {
        return results.get(results.size() - 1).json();
    }
}
