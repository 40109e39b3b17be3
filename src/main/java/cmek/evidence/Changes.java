package cmek.evidence;

import cmek.onboarding.ExternalKeyId;
import cmek.onboarding.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is different from the night before.
 *
 * @param since that night; empty when this is the first
 * @param newlyAiling were not ailing then
 * @param recovered are well and were ailing or unreachable then
 * @param added were not registered then
 * @param gone are not registered any more
 */
public record Changes(
        Optional<RunId> since,
        List<ExternalKeyId> newlyAiling,
        List<ExternalKeyId> recovered,
        List<ExternalKeyId> added,
        List<ExternalKeyId> gone) {

    private static final Set<Status> UNWELL = Set.of(Status.AILING, Status.UNREACHABLE);

    public Changes {
        newlyAiling = List.copyOf(newlyAiling);
        recovered = List.copyOf(recovered);
        added = List.copyOf(added);
        gone = List.copyOf(gone);
    }

    /** Compares with the night before, where there was one. */
    public static Changes since(Optional<NightSummary> before, List<KeyReport> rows, boolean listsAreWhole) {
        if (before.isEmpty()) {
            return new Changes(Optional.empty(), ailing(rows), List.of(), List.of(), List.of());
        }
        NightSummary then = before.get();
        List<ExternalKeyId> newlyAiling = new ArrayList<>();
        List<ExternalKeyId> recovered = new ArrayList<>();
        List<ExternalKeyId> added = new ArrayList<>();
        for (KeyReport row : rows) {
            ExternalKeyId id = row.key().id();
            Optional<Status> was = then.statusOf(id);
            if (was.isEmpty()) {
                added.add(id);
            }
            if (row.status() == Status.AILING && !was.equals(Optional.of(Status.AILING))) {
                newlyAiling.add(id);
            }
            if (was.filter(UNWELL::contains).isPresent() && !UNWELL.contains(row.status())) {
                recovered.add(id);
            }
        }
        Set<String> now = rows.stream().map(row -> row.key().id().value()).collect(Collectors.toSet());
        // Where a page is missing, what is not on the list may still be there.
        List<ExternalKeyId> gone = listsAreWhole
                ? then.keys().keySet().stream()
                        .filter(id -> !now.contains(id))
                        .map(ExternalKeyId::new)
                        .toList()
                : List.of();
        return new Changes(Optional.of(then.id()), newlyAiling, recovered, added, gone);
    }

    private static List<ExternalKeyId> ailing(List<KeyReport> rows) {
        return rows.stream()
                .filter(row -> row.status() == Status.AILING)
                .map(row -> row.key().id())
                .toList();
    }
}
