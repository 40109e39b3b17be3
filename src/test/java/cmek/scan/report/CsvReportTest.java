package cmek.scan.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvReportTest {

    @Test
    void everyKeyIsALine() {
        String[] lines = ReportSample.csv(ReportSample.troubled(20)).split("\r\n");

        assertThat(lines).hasSize(1 + 27);
        assertThat(lines[0]).startsWith("external_key_id,display_name,key,status,reason,");
        assertThat(lines[1]).contains("\"UNHEALTHY\",\"KEY_VERSION_DESTROY_SCHEDULED\"");
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

        assertThat(csv.split("\r\n")).hasSize(2);
        assertThat(csv).contains("\"a\"\"b,c\\u000d\\u000a=d\\u0009e\"");
    }

    @Test
    void whatIsHarmlessStaysAsItIs() {
        assertThat(ReportSample.csv(ReportSample.calm())).contains("\"Payments, production\"");
    }
}
