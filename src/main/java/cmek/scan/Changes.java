package cmek.scan;

import cmek.model.ExternalKeyId;
import cmek.result.Status;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is different from the scan before.
 *
 * @param since that night; empty when this is the first
 * @param newlyUnhealthy were not unhealthy then
 * @param recovered are well and were unhealthy or unreachable then
 * @param added were not registered then
 * @param gone are not registered any more
 */
public record Changes(
        Optional<RunId> since,
        Packed<ExternalKeyId> newlyUnhealthy,
        Packed<ExternalKeyId> recovered,
        Packed<ExternalKeyId> added,
        Packed<ExternalKeyId> gone) {

    private static final Set<Status> NOT_WELL = Set.of(Status.UNHEALTHY, Status.UNREACHABLE);

    /** How a key is. */
    record Standing(String id, Status status, int place) {}

    /** A key that has changed, by its place among the rows. */
    record Placed(int place, ExternalKeyId id) {}

    /** Compares with the scan before, where there was one. */
    public static Changes since(Optional<ScanSummary> before, Iterable<KeyReport> rows, boolean listsAreWhole) {
        Comparison comparison = new Comparison(before.isPresent());
        MergeJoin.join(
                byId(rows),
                Standing::id,
                before.map(ScanSummary::keys).map(Changes::byId).orElseGet(Packed::none),
                ScanSummary.Key::id,
                comparison::compare);
        return new Changes(
                before.map(ScanSummary::id),
                inTheirPlaces(comparison.newlyUnhealthy),
                inTheirPlaces(comparison.recovered),
                inTheirPlaces(comparison.added),
                // Where a page is missing, what is not on the list may still be there.
                listsAreWhole ? comparison.gone.build() : Packed.none());
    }

    /** The same without what grows with the estate. */
    Changes frame() {
        return new Changes(since, Packed.none(), Packed.none(), Packed.none(), Packed.none());
    }

    private static Packed<Standing> byId(Iterable<KeyReport> rows) {
        ExternalSort<Standing> sort = new ExternalSort<>(Comparator.comparing(Standing::id));
        int place = 0;
        for (KeyReport row : rows) {
            sort.add(new Standing(row.key().id().value(), row.status(), place++));
        }
        return sort.sorted();
    }

    private static Packed<ScanSummary.Key> byId(Packed<ScanSummary.Key> keys) {
        return ExternalSort.sorted(keys, Comparator.comparing(ScanSummary.Key::id));
    }

    private static Packed<ExternalKeyId> inTheirPlaces(ExternalSort<Placed> changed) {
        Packed.Builder<ExternalKeyId> ids = new Packed.Builder<>();
        changed.sorted().forEach(key -> ids.add(key.id()));
        return ids.build();
    }

    /** What is found while the keys of both scans are walked through. */
    private static final class Comparison {

        private final boolean hasScanBefore;
        private final ExternalSort<Placed> newlyUnhealthy = byPlace();
        private final ExternalSort<Placed> recovered = byPlace();
        private final ExternalSort<Placed> added = byPlace();
        private final Packed.Builder<ExternalKeyId> gone = new Packed.Builder<>();

        Comparison(boolean hasScanBefore) {
            this.hasScanBefore = hasScanBefore;
        }

        private static ExternalSort<Placed> byPlace() {
            return new ExternalSort<>(Comparator.comparingInt(Placed::place));
        }

        void compare(List<Standing> now, List<ScanSummary.Key> then) {
            Optional<Status> was = then.stream().findFirst().map(ScanSummary.Key::status);
            for (Standing is : now) {
                Placed key = new Placed(is.place(), new ExternalKeyId(is.id()));
                if (hasScanBefore && was.isEmpty()) {
                    added.add(key);
                }
                if (is.status() == Status.UNHEALTHY && !was.equals(Optional.of(Status.UNHEALTHY))) {
                    newlyUnhealthy.add(key);
                }
                if (was.filter(NOT_WELL::contains).isPresent() && !NOT_WELL.contains(is.status())) {
                    recovered.add(key);
                }
            }
            if (now.isEmpty()) {
                then.forEach(key -> gone.add(new ExternalKeyId(key.id())));
            }
        }
    }
}
