package cmek.scan;

/** A report as people and their programs read it. */
public interface ReportRendering {

    /** For a spreadsheet. */
    Pieces csv(ScanReport report);

    /** For a browser. */
    Pieces html(ScanReport report);
}
