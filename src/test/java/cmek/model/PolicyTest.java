package cmek.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {

    @Test
    void emptyListsAllowNothing() {
        Policy closed = new Policy(List.of(), List.of(), List.of(), Set.of());

        assertThat(closed.allowsProject("acme-kms-prod")).isFalse();
        assertThat(closed.allowsProject("")).isFalse();
        assertThat(closed.allowsWorkspace(new WorkspaceId("wrkspc_1"))).isFalse();
        assertThat(closed.allowsLocation("us-east5")).isFalse();
        assertThat(closed.allows(ProtectionLevel.HSM)).isFalse();
        assertThat(closed.allows(ProtectionLevel.SOFTWARE)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "acme-kms-prod, acme-kms-prod, true",
        "acme-kms-prod, acme-kms-prod2, false",
        "acme-kms-prod, xacme-kms-prod, false",
        "acme-*, acme-kms-prod, true",
        "acme-*, acme, false",
        "acme-*, other-acme-kms, false",
        "*-prod, acme-kms-prod, true",
        "*-prod, acme-kms-prod-2, false",
        "acme-*-prod, acme-kms-prod, true",
        "acme-*-prod, acme-prod, false",
        "*, anything, true",
        "**, anything, true",
        "ACME-*, acme-kms-prod, false",
    })
    void aStarStandsForAnyCharacters(String pattern, String project, boolean allowed) {
        assertThat(projects(pattern).allowsProject(project)).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "wrkspc_1, acme-kms-prod, wrkspc_1, true",
        "wrkspc_1, acme-kms-prod, wrkspc_2, false",
        "wrkspc_*, acme-kms-prod, wrkspc_2, true",
        "acme-*=wrkspc_1, acme-kms-prod, wrkspc_1, true",
        "acme-*=wrkspc_1, other-kms-prod, wrkspc_1, false",
        "acme-*=wrkspc_1, acme-kms-prod, wrkspc_2, false",
        "*=wrkspc_1, other-kms-prod, wrkspc_1, true",
        "acme-kms-prod=*, acme-kms-prod, wrkspc_2, true",
        "acme-kms-prod=*, acme-kms-prod2, wrkspc_2, false",
        "*=*, anything, wrkspc_2, true"
    })
    void aWorkspaceIsForKeysOfAnyProjectOrOfOne(String entry, String project, String workspace, boolean allowed) {
        Policy policy = new Policy(List.of(), List.of(entry), List.of(), Set.of());

        assertThat(policy.allowsWorkspace(project, new WorkspaceId(workspace))).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".*",
                "acme.kms.prod",
                "acme-kms-prod|x",
                "[a-z-]+",
                "(?i)ACME-KMS-PROD",
                "acme-kms-prod$",
                "\\E.*\\Q",
                "x\\E|acme-kms-prod|\\Qx",
                "\\Qacme-kms-prod\\E",
                "",
                " "
            })
    void nothingElseInAPatternHasAMeaning(String pattern) {
        assertThat(projects(pattern).allowsProject("acme-kms-prod")).isFalse();
    }

    @Test
    void anUnfinishedQuotationIsNoSyntaxError() {
        assertThat(projects("\\E(").allowsProject("acme-kms-prod")).isFalse();
        assertThat(projects("a*\\E[").allowsProject("acme-kms-prod")).isFalse();
    }

    @Test
    void oneOfSeveralPatternsIsEnough() {
        Policy policy = new Policy(List.of("other", "acme-*"), List.of("wrkspc_A*"), List.of(), Set.of());

        assertThat(policy.allowsProject("acme-kms-prod")).isTrue();
        assertThat(policy.allowsWorkspace(new WorkspaceId("wrkspc_A1"))).isTrue();
        assertThat(policy.allowsWorkspace(new WorkspaceId("wrkspc_B1"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"global", "us", "eu", "nam4", "us-east5-a", ""})
    void whatIsNoSingleRegionIsNeverAllowed(String location) {
        assertThat(new Policy(List.of(), List.of(), List.of(location), Set.of()).allowsLocation(location))
                .isFalse();
    }

    @Test
    void aLocationIsComparedExactly() {
        Policy policy = new Policy(List.of(), List.of(), List.of("us-east5", "us-*"), Set.of());

        assertThat(policy.allowsLocation("us-east5")).isTrue();
        assertThat(policy.allowsLocation("us-east51")).isFalse();
        assertThat(policy.allowsLocation("us-west1")).isFalse();
        assertThat(policy.allowsLocation("US-EAST5")).isFalse();
    }

    @Test
    void whatAPolicyWasMadeFromCannotChangeIt() {
        List<String> projects = new ArrayList<>(List.of("acme-*"));
        Policy policy = new Policy(projects, List.of(), List.of(), Set.of());

        projects.add("*");

        assertThat(policy.allowsProject("other-kms-prod")).isFalse();
    }

    private static Policy projects(String pattern) {
        return new Policy(List.of(pattern), List.of(), List.of(), Set.of());
    }
}
