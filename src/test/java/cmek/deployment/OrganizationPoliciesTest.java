package cmek.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The organization policies that the document says are met are those that a test of the plan is about. */
class OrganizationPoliciesTest {

    private static final Path TERRAFORM = Path.of("terraform");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z]+[.][A-Za-z]+)` \\| ([^|]*)\\|");
    private static final Pattern RUN = Pattern.compile("(?m)^(?:# ([a-z]+[.][A-Za-z]+)\\n)?run \"");

    @Test
    void eachRowHasATestAndEachTestHasARow() throws IOException {
        List<String> rows =
                ROW.matcher(table()).results().map(row -> row.group(1)).toList();
        List<String> runs = RUN.matcher(Files.readString(TERRAFORM.resolve("tests/organization_policies.tftest.hcl")))
                .results()
                .map(run -> String.valueOf(run.group(1)))
                .distinct()
                .toList();

        assertThat(rows).hasSizeGreaterThan(8).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(runs);
    }

    @Test
    void whatMeetsAConstraintIsAVariable() throws IOException {
        String variables = Files.readString(TERRAFORM.resolve("variables.tf"));

        assertThat(ROW.matcher(table())
                        .results()
                        .flatMap(row -> Pattern.compile("`(\\w+)( =|`)")
                                .matcher(row.group(2))
                                .results())
                        .map(variable -> variable.group(1)))
                .contains("kms_key", "vpc_egress")
                .allSatisfy(variable -> assertThat(variables).contains("variable \"" + variable + "\" {"));
    }

    private static String table() throws IOException {
        String readme = Files.readString(TERRAFORM.resolve("README.md"));
        return readme.substring(readme.indexOf("<!-- constraints -->"), readme.indexOf("<!-- /constraints -->"));
    }
}
