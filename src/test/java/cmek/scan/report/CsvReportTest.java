package cmek.scan.report;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.scan.ScanReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvReportTest {

    @Test
    void everyFindingIsALineAndEveryKeyWithoutOne() {
        ScanReport report = ReportSample.troubled(20);
        String[] lines = ReportSample.csv(report).split("\r\n");

        assertThat(lines)
                .hasSize(1
                        + report.keys().stream()
                                .mapToInt(row -> Math.max(
                                        1, row.findings().size() + row.notices().size()))
                                .sum());
        assertThat(lines[0])
                .startsWith("\ufeffexternal_key_id,display_name,key,status,")
                .contains(",remedy_1,remedy_2");
        assertThat(lines[1]).contains("\"KEY_VERSION_DESTROY_SCHEDULED\",\"BLOCKING\",\"KEY_OWNER\",");
        assertThat(lines[2]).contains("\"VALIDATION_FAILED\",");
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.replaceAll("\"[^\"]*\"", "").split(",", -1))
                        .hasSameSizeAs(lines[0].split(",", -1)));
    }

    @Test
    void aCommandIsACellOfItsOwn() {
        assertThat(ReportSample.csv(ReportSample.hostile("x"))).contains("\"NOT_REACHED\"", ",\"gcloud x\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "\uff1d1+1"})
    void whatBeginsAFormulaIsText(String attack) {
        assertThat(ReportSample.csv(ReportSample.hostile(attack)))
                .contains(",\"'" + attack + "\",")
                .doesNotContain(",\"" + attack);
    }

    @Test
    void quotesAndLinesStayInTheirCell() {
        String csv = ReportSample.csv(ReportSample.hostile("a\"b,c\r\n=d\te"));

        assertThat(csv.split("\r\n")).hasSize(3);
        assertThat(csv).contains("\"a\"\"b,c\\u000d\\u000a=d\\u0009e\"");
    }

    @Test
    void whatIsHarmlessStaysAsItIs() {
        assertThat(ReportSample.csv(ReportSample.calm())).contains("\"Payments, production\"");
    }
}
