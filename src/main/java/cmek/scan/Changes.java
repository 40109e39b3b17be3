package cmek.scan;

import cmek.model.ExternalKeyId;
import cmek.result.Status;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is different from the scan before.
 *
 * @param since that scan; empty when this is the first
 * @param newlyUnhealthy were not unhealthy then
 * @param recovered were unhealthy or unreachable then and are not now
 * @param added were not registered then
 * @param gone are no longer registered
 */
@RegisterForReflection
public record Changes(
        Optional<RunId> since,
        List<ExternalKeyId> newlyUnhealthy,
        List<ExternalKeyId> recovered,
        List<ExternalKeyId> added,
        List<ExternalKeyId> gone) {

    private static final Set<Status> TROUBLED = Set.of(Status.UNHEALTHY, Status.UNREACHABLE);

    public Changes {
        newlyUnhealthy = List.copyOf(newlyUnhealthy);
        recovered = List.copyOf(recovered);
        added = List.copyOf(added);
        gone = List.copyOf(gone);
    }

    /** Compares with the scan before, where there was one: in the order of the rows, what is gone in the order of its ids. */
    public static Changes since(Optional<ScanSummary> before, List<KeyReport> rows, boolean listsAreComplete) {
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
            if (was.filter(TROUBLED::contains).isPresent() && !TROUBLED.contains(row.status())) {
                recovered.add(id);
            }
        }
        List<ExternalKeyId> gone = then.keySet().stream()
                // Where a page of the list is missing, the key may still be on it.
                .filter(id -> listsAreComplete && !now.contains(id))
                .map(ExternalKeyId::new)
                .toList();
        return new Changes(before.map(ScanSummary::id), newlyUnhealthy, recovered, added, gone);
    }
}
