package cmek.scan;

import cmek.model.ExternalKeyId;
import cmek.result.ScanRun;
import cmek.result.Status;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds what is different from the scan before. */
public final class Changes {

    private static final Set<Status> TROUBLED = Set.of(Status.UNHEALTHY, Status.UNREACHABLE);
    private static final Set<Status> RECOVERED = Set.of(Status.HEALTHY, Status.UNUSED);

    private Changes() {}

    /** Compares with the scan before, where there was one: in the order of the rows, what is gone in the order of its ids. */
    public static ScanRun.Changes since(Optional<ScanSummary> before, List<KeyReport> rows, boolean listsAreComplete) {
        Map<String, Status> then =
                before.<Map<String, Status>>map(ScanSummary::keys).orElse(Map.of());
        List<ExternalKeyId> newlyUnhealthy = new ArrayList<>();
        List<ExternalKeyId> recovered = new ArrayList<>();
        List<ExternalKeyId> added = new ArrayList<>();
        Set<String> now = new HashSet<>();
        for (KeyReport row : rows) {
            ExternalKeyId id = row.key().id();
            now.add(id.value());
            Optional<Status> was = Optional.ofNullable(then.get(id.value()));
            if (before.isPresent() && was.isEmpty()) {
                added.add(id);
            }
            if (row.status() == Status.UNHEALTHY && !was.equals(Optional.of(Status.UNHEALTHY))) {
                newlyUnhealthy.add(id);
            }
            if (was.filter(TROUBLED::contains).isPresent() && RECOVERED.contains(row.status())) {
                recovered.add(id);
            }
        }
        List<ExternalKeyId> gone = then.keySet().stream()
                // Where a page of the list is missing, the key may still be on it.
                .filter(id -> listsAreComplete && !now.contains(id))
                .map(ExternalKeyId::new)
                .toList();
        return new ScanRun.Changes(before.map(scan -> scan.id().value()), newlyUnhealthy, recovered, added, gone);
    }
}
