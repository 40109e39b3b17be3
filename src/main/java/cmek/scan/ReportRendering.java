package cmek.scan;

/** A report as people and their programs read it. */
public interface ReportRendering {

    /** For a spreadsheet. */
    Pieces csv(NightReport report);

    /** For a browser. */
    Pieces html(NightReport report);
}
