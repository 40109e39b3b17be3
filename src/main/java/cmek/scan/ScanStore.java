package cmek.scan;

import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.EvidenceStorage.MediaKind;
import cmek.client.storage.StoredObject;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.ExternalKeyId;
import cmek.scan.ScanReport.Scan;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The evidence bucket as the words that lie in it. What a run has once said it never says otherwise: its objects are
 * written when they are not there, and read when they are.
 *
 * <pre>
 * runs/RUN/run.json                     what was expected
 * runs/RUN/keys/EXTERNAL_KEY.json       what was found of one key
 * runs/RUN/report.json, .csv, .html     what it came to
 * scans/RUN.json                       the same in figures, for the scans to come
 * keys/EXTERNAL_KEY/latest.json         the last look at one key, and what was restored on it
 * </pre>
 */
@Singleton
public final class ScanStore {

    private static final String JSON = ".json";
    private static final String NIGHTS = "scans/";

    private final EvidenceStorage storage;

    @Inject
    public ScanStore(EvidenceStorage storage) {
        this.storage = storage;
    }

    // --- a run ---------------------------------------------------------------------------------------------------

    public Optional<ScanPlan> run(RunId id) {
        return readLarge(folder(id) + "run.json", ScanPlan.class);
    }

    /** Keeps the plan, unless there is one; returns the one that holds. */
    public ScanPlan keep(ScanPlan run) {
        return storage.create(folder(run.id()) + "run.json", MediaKind.JSON, ScanJson.pieces(run))
                ? run
                : run(run.id()).orElse(run);
    }

    public Optional<KeyReport> report(RunId run, ExternalKeyId key) {
        return read(name(run, key), KeyReport.class);
    }

    /** Keeps what was found of a key, unless that was done before; returns what holds. */
    public KeyReport keep(KeyReport report) {
        return keep(name(report.run(), report.key().id()), report, KeyReport.class);
    }

    /** The keys of which a run has found something, in order. */
    public Packed<String> seen(RunId run) {
        String keys = folder(run) + "keys/";
        ExternalSort<String> ids = new ExternalSort<>(Comparator.naturalOrder());
        storage.list(keys, name -> {
            if (name.endsWith(JSON)) {
                ids.add(name.substring(keys.length(), name.length() - JSON.length()));
            }
        });
        return ids.sorted();
    }

    // --- what it came to -----------------------------------------------------------------------------------------

    public Optional<ScanReport> report(RunId run) {
        return readLarge(folder(run) + "report.json", ScanReport.class);
    }

    /** Keeps the report, unless there is one; returns the one that holds. */
    public ScanReport keep(ScanReport report) {
        return storage.create(folder(report.id()) + "report.json", MediaKind.JSON, ScanJson.pieces(report))
                ? report
                : report(report.id()).orElse(report);
    }

    /**
     * Writes the report as a person reads it, where it is not written yet; always the same for the same report. Megabytes
     * are not sent to be refused.
     */
    public void publish(RunId run, Pieces csv, Pieces html) {
        List<String> there = storage.list(folder(run) + "report.");
        createUnlessAmong(there, folder(run) + "report.csv", MediaKind.CSV, csv);
        createUnlessAmong(there, folder(run) + "report.html", MediaKind.HTML, html);
    }

    private void createUnlessAmong(List<String> there, String name, MediaKind kind, Pieces text) {
        if (!there.contains(name)) {
            storage.create(name, kind, text);
        }
    }

    public void keep(ScanSummary scan) {
        storage.create(NIGHTS + scan.id() + JSON, MediaKind.JSON, ScanJson.pieces(scan));
    }

    /**
     * The last scans before one.
     *
     * @param last with every key of it
     * @param all the oldest first
     */
    public record Before(Optional<ScanSummary> last, List<Scan> all) {

        public Before {
            all = List.copyOf(all);
        }
    }

    /** The last scans before one, so many at most; of all but the last one the figures alone. */
    public Before nightsBefore(RunId run, int atMost) {
        List<String> names = storage.list(NIGHTS).stream()
                .filter(name -> name.compareTo(NIGHTS + run + JSON) < 0)
                .toList();
        if (names.isEmpty()) {
            return new Before(Optional.empty(), List.of());
        }
        int newest = names.size() - 1;
        Optional<ScanSummary> last = readLarge(names.get(newest), ScanSummary.class);
        Stream<Scan> older = names.subList(Math.max(0, names.size() - atMost), newest).stream()
                .flatMap(name -> readLarge(name, Scan.class).stream());
        return new Before(
                last,
                Stream.concat(older, last.map(ScanSummary::figures).stream()).toList());
    }

    /** The folder of a run's objects, without the bucket. */
    public static String folder(RunId run) {
        return "runs/" + run + "/";
    }

    // --- a key ---------------------------------------------------------------------------------------------------

    /**
     * What is remembered of a key.
     *
     * @param generation by which a change of it is guarded; 0 when nothing is remembered yet
     */
    record Memory(LatestReport latest, long generation) {}

    Memory memory(ExternalKeyId key) {
        String name = latest(key);
        return storage.read(name)
                .map(stored -> new Memory(parsed(name, stored, LatestReport.class), stored.generation()))
                .orElseGet(() -> new Memory(new LatestReport(Optional.empty(), List.of()), 0));
    }

    /**
     * Remembers something of a key.
     *
     * @param read what is changed by it
     * @throws TransientException when somebody else remembered something in between: look again, decide again
     */
    void remember(ExternalKeyId key, LatestReport latest, Memory read) {
        String json = ScanJson.written(latest);
        boolean written = read.generation() == 0
                ? storage.create(latest(key), MediaKind.JSON, json)
                : storage.replace(latest(key), MediaKind.JSON, json, read.generation());
        if (!written) {
            throw new TransientException(
                    Reason.GOOGLE_UNAVAILABLE, "two inspections of " + key + " met; this one is made again", null);
        }
    }

    // --- objects -------------------------------------------------------------------------------------------------

    private <T> T keep(String name, T value, Class<T> type) {
        return storage.create(name, MediaKind.JSON, ScanJson.written(value))
                ? value
                : read(name, type).orElse(value);
    }

    private <T> Optional<T> read(String name, Class<T> type) {
        return storage.read(name).map(stored -> parsed(name, stored, type));
    }

    /** Of what grows with the number of keys. */
    private <T> Optional<T> readLarge(String name, Class<T> type) {
        try {
            return storage.read(name, (EvidenceStorage.Reading<T>) content -> ScanJson.read(content, type));
        } catch (IOException e) {
            throw unreadable(name, type, e);
        }
    }

    private static <T> T parsed(String name, StoredObject stored, Class<T> type) {
        try {
            return ScanJson.read(stored.text(), type);
        } catch (IOException e) {
            throw unreadable(name, type, e);
        }
    }

    private static TransientException unreadable(String name, Class<?> type, IOException cause) {
        return new TransientException(
                Reason.GOOGLE_UNAVAILABLE, "the evidence " + name + " is no " + type.getSimpleName(), cause);
    }

    private static String name(RunId run, ExternalKeyId key) {
        return folder(run) + "keys/" + key + JSON;
    }

    private static String latest(ExternalKeyId key) {
        return "keys/" + key + "/latest.json";
    }
}
