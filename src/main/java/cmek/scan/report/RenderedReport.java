package cmek.scan.report;

import cmek.scan.NightReport;
import cmek.scan.Pieces;
import cmek.scan.ReportRendering;
import jakarta.inject.Singleton;

/** The pages of a report. */
@Singleton
public final class RenderedReport implements ReportRendering {

    @Override
    public Pieces csv(NightReport report) {
        return CsvReport.of(report);
    }

    @Override
    public Pieces html(NightReport report) {
        return HtmlReport.of(report);
    }
}
