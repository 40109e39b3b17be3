package cmek.scan;

import java.io.IOException;

/** Writes a report as people and their programs read it: always the same text for the same report. */
public interface ReportRendering {

    /** For a spreadsheet. */
    void csv(ScanReport report, Appendable out) throws IOException;

    /** For a browser. */
    void html(ScanReport report, Appendable out) throws IOException;
}
