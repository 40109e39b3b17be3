package cmek.scan.report;

import cmek.scan.Pieces;
import cmek.scan.ReportRendering;
import cmek.scan.ScanReport;
import jakarta.inject.Singleton;

/** The pages of a report. */
@Singleton
public final class RenderedReport implements ReportRendering {

    @Override
    public Pieces csv(ScanReport report) {
        return CsvReport.of(report);
    }

    @Override
    public Pieces html(ScanReport report) {
        return HtmlReport.of(report);
    }
}
