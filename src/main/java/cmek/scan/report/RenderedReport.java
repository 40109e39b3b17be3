package cmek.scan.report;

import cmek.scan.ReportRendering;
import cmek.scan.ScanReport;
import jakarta.inject.Singleton;
import java.io.IOException;

/** A report as CSV and as a page. */
@Singleton
public final class RenderedReport implements ReportRendering {

    @Override
    public void csv(ScanReport report, Appendable out) throws IOException {
        CsvReport.write(report, out);
    }

    @Override
    public void html(ScanReport report, Appendable out) throws IOException {
        HtmlReport.write(report, out);
    }
}
