package cmek.scan;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.EvidenceStorage.MediaKind;
import cmek.client.storage.EvidenceStorage.Writing;
import cmek.client.storage.ReportStorage;
import cmek.client.storage.StoredObject;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.RequestFindings;
import cmek.finding.TransientException;
import cmek.model.EventTime;
import cmek.model.ExternalKeyId;
import cmek.model.Json;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The scan's objects in the evidence bucket. What a run has once written is never changed: its objects are written when
 * they are not there, and read when they are.
 *
 * <pre>
 * runs/RUN/run.json                     what was expected
 * runs/RUN/keys/EXTERNAL_KEY.json       what was found of one key
 * runs/RUN/report.json, .csv, .html     its result, in the bucket of the reports
 * scans/RUN.json                        the same in figures, for later scans
 * keys/EXTERNAL_KEY/latest.json         the last check of one key, and what was restored on it
 * keys/EXTERNAL_KEY/contested.txt       that nothing is restored on it any more; a person deletes it
 * </pre>
 */
@Singleton
public final class ScanStore {

    private static final String JSON = ".json";
    private static final String SCANS = "scans/";
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration TOLERANCE = Duration.ofHours(12);

    private static final Logger LOG = Logger.getLogger(ScanStore.class);
    private static final LatestReport NOTHING = new LatestReport(Optional.empty(), List.of());

    private final EvidenceStorage storage;
    private final ReportStorage reports;

    @Inject
    public ScanStore(EvidenceStorage storage, ReportStorage reports) {
        this.storage = storage;
        this.reports = reports;
    }

    /** With the reports in the evidence bucket, too. */
    public ScanStore(EvidenceStorage storage) {
        this(storage, ReportStorage.in(storage));
    }

    // --- a run ---------------------------------------------------------------------------------------------------

    public Optional<ScanPlan> plan(RunId id) {
        return readLarge(folder(id) + "run.json", ScanPlan.class);
    }

    /** Keeps the plan, unless there is one; returns the one that holds. */
    public ScanPlan keep(ScanPlan plan) {
        return keep(folder(plan.id()) + "run.json", plan, () -> plan(plan.id()));
    }

    public Optional<KeyReport> report(RunId run, ExternalKeyId key) {
        String name = name(run, key);
        return storage.read(name).map(stored -> {
            try {
                return Json.read(stored.text().getBytes(UTF_8), KeyReport.class);
            } catch (IOException e) {
                throw unreadable(name, e);
            }
        });
    }

    /** Keeps what was found of a key, unless that was done before; returns what holds. */
    public KeyReport keep(KeyReport report) {
        ExternalKeyId key = report.key().id();
        return keep(name(report.run(), key), report, () -> report(report.run(), key));
    }

    /** The registrations that a run has checked. */
    public Set<String> checked(RunId run) {
        String keys = folder(run) + "keys/";
        return storage.list(keys).stream()
                .filter(name -> name.endsWith(JSON))
                .map(name -> name.substring(keys.length(), name.length() - JSON.length()))
                .collect(Collectors.toSet());
    }

    // --- its result -----------------------------------------------------------------------------------------

    public Optional<ScanReport> report(RunId run) {
        return readLarge(reports::read, folder(run) + "report.json", ScanReport.class);
    }

    /** Keeps the report, unless there is one; returns the one that holds. */
    public ScanReport keep(ScanReport report) {
        return reports.create(folder(report.id()) + "report.json", MediaKind.JSON, json(report))
                ? report
                : report(report.id()).orElse(report);
    }

    /** Writes the report as a person reads it, where it is not written yet: megabytes are not sent to be refused. */
    public void publish(ScanReport report, ReportRendering rendering) {
        String name = folder(report.id()) + "report";
        List<String> present = reports.list(name + ".");
        if (!present.contains(name + ".csv")) {
            reports.create(name + ".csv", MediaKind.CSV, text(out -> rendering.csv(report, out)));
        }
        if (!present.contains(name + ".html")) {
            reports.create(name + ".html", MediaKind.HTML, text(out -> rendering.html(report, out)));
        }
    }

    public void keep(ScanSummary scan) {
        storage.create(SCANS + scan.id() + JSON, MediaKind.JSON, json(scan));
    }

    /**
     * The last scans before one; of those that nothing is compared with the figures alone.
     *
     * @param startedAt when that one started
     * @param atMost how many
     */
    public ScanReport.Before scansBefore(RunId run, Instant startedAt, int atMost) {
        List<String> names = storage.list(SCANS).stream()
                .filter(name -> name.compareTo(SCANS + run + JSON) < 0)
                .toList();
        if (names.isEmpty()) {
            return ScanReport.Before.NOTHING;
        }
        int newest = names.size() - 1;
        Optional<ScanSummary> last = earlier(names.get(newest), ScanSummary.class);
        // A nightly scan starts some seconds earlier or later, and an hour when the clocks are changed.
        String aWeekAgo = SCANS + RunId.scansUntil(startedAt.minus(WEEK).plus(TOLERANCE));
        Optional<ScanSummary> ofLastWeek = names.stream()
                .filter(name -> name.compareTo(aWeekAgo) < 0)
                .reduce((earlier, later) -> later)
                .flatMap(name -> name.equals(names.get(newest)) ? last : earlier(name, ScanSummary.class));
        Stream<ScanFigures> older = names.subList(Math.max(0, names.size() - atMost), newest).stream()
                .flatMap(name -> earlier(name, ScanFigures.class).stream());
        return new ScanReport.Before(
                last,
                ofLastWeek,
                Stream.concat(older, last.map(ScanSummary::figures).stream()).toList());
    }

    /** The folder of a run's objects, without the bucket. */
    public static String folder(RunId run) {
        return "runs/" + run + "/";
    }

    /** Where a person reads about a checked key in a browser, as whoever may read the bucket. */
    public String link(KeyReport report) {
        ExternalKeyId key = report.key().id();
        return report.run().isScan()
                ? browsed(reports.url(folder(report.run()) + "report.html")) + "#" + key
                : browsed(storage.url(latest(key)));
    }

    private static String browsed(String url) {
        return url.replaceFirst("^gs://", "https://storage.cloud.google.com/");
    }

    // --- a key ---------------------------------------------------------------------------------------------------

    /**
     * What is remembered of a key.
     *
     * @param generation by which a change of it is guarded; 0 when nothing is remembered yet
     */
    record Memory(LatestReport latest, long generation) {}

    private static LatestReport remembered(String name, StoredObject stored) {
        try {
            return Json.read(stored.text().getBytes(UTF_8), LatestReport.class);
        } catch (IOException e) {
            // Of another release: the next scan of the key writes it anew.
            LOG.warnf("%s cannot be read and counts as nothing remembered: %s", name, e.getMessage());
            return NOTHING;
        }
    }

    Memory memory(ExternalKeyId key) {
        String name = latest(key);
        return storage.read(name)
                .map(stored -> new Memory(remembered(name, stored), stored.generation()))
                .orElseGet(() -> new Memory(NOTHING, 0));
    }

    /**
     * Remembers something of a key.
     *
     * @param read what is changed by it
     * @throws TransientException when another inspection remembered something in between: read again, decide again
     */
    void remember(ExternalKeyId key, LatestReport latest, Memory read) {
        String json = Json.written(latest);
        boolean written = read.generation() == 0
                ? storage.create(latest(key), MediaKind.JSON, json)
                : storage.replace(latest(key), MediaKind.JSON, json, read.generation());
        if (!written) {
            throw new TransientException(
                    Reason.GOOGLE_UNAVAILABLE,
                    "another inspection of " + key + " ran at the same time; this one will be retried",
                    null);
        }
    }

    /** Notes that nothing is to be restored on a key any more. */
    void contest(ExternalKeyId key, Reason lost, Instant at) {
        storage.create(
                contested(key),
                MediaKind.TEXT,
                lost + " was restored and has occurred again, which was seen at " + EventTime.written(at)
                        + ". Nothing is restored on this key any more until this object is deleted.\n");
    }

    /** Whether nobody has deleted that note. */
    boolean isContested(ExternalKeyId key) {
        return storage.read(contested(key)).isPresent();
    }

    /** Where that note lies. */
    String contestOf(ExternalKeyId key) {
        return storage.url(contested(key));
    }

    private static String contested(ExternalKeyId key) {
        return "keys/" + key + "/contested.txt";
    }

    // --- objects -------------------------------------------------------------------------------------------------

    private <T> T keep(String name, T value, Supplier<Optional<T>> kept) {
        return storage.create(name, MediaKind.JSON, json(value))
                ? value
                : kept.get().orElse(value);
    }

    private static Writing json(Object value) {
        return out -> Json.write(value, out);
    }

    private interface Text {
        void appendTo(Appendable out) throws IOException;
    }

    private static Writing text(Text text) {
        return out -> {
            Writer writer = new BufferedWriter(new OutputStreamWriter(out, UTF_8));
            text.appendTo(writer);
            writer.flush();
        };
    }

    private <T> Optional<T> readLarge(String name, Class<T> type) {
        return readLarge(storage::read, name, type);
    }

    /** Of an earlier scan, without which a report can do: what only another release can read counts as not there. */
    private <T> Optional<T> earlier(String name, Class<T> type) {
        try {
            return storage.read(name, content -> Json.read(content, type));
        } catch (IOException e) {
            LOG.warnf("%s cannot be read and is compared with nothing: %s", name, e.getMessage());
            return Optional.empty();
        }
    }

    /** One of the buckets. */
    private interface Bucket {
        <T> Optional<T> read(String name, EvidenceStorage.Reading<T> reading) throws IOException;
    }

    /** Of what grows with the number of keys. */
    private static <T> Optional<T> readLarge(Bucket bucket, String name, Class<T> type) {
        try {
            return bucket.read(name, (EvidenceStorage.Reading<T>) content -> Json.read(content, type));
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private static PermanentException unreadable(String name, IOException cause) {
        return new PermanentException(RequestFindings.unreadableObject(name, String.valueOf(cause.getMessage())));
    }

    private static String name(RunId run, ExternalKeyId key) {
        return folder(run) + "keys/" + key + JSON;
    }

    private static String latest(ExternalKeyId key) {
        return "keys/" + key + "/latest.json";
    }
}
