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

/** Finds what is different from an earlier scan. */
public final class Changes {

    private static final Set<Status> TROUBLED = Set.of(Status.UNHEALTHY, Status.UNREACHABLE);
    private static final Set<Status> RECOVERED = Set.of(Status.HEALTHY, Status.UNUSED);

    private Changes() {}

    /** Compares with an earlier scan, where there was one: in the order of the rows, what is gone in the order of its ids. */
    public static ScanRun.Changes since(
            Optional<ScanSummary> before, List<ReportedKey> rows, boolean listsAreComplete) {
        Map<String, Status> then =
                before.<Map<String, Status>>map(ScanSummary::keys).orElse(Map.of());
        List<ExternalKeyId> newlyUnhealthy = new ArrayList<>();
        List<ExternalKeyId> worsened = new ArrayList<>();
        List<ExternalKeyId> stillUnhealthy = new ArrayList<>();
        List<ExternalKeyId> recovered = new ArrayList<>();
        List<ExternalKeyId> added = new ArrayList<>();
        Set<String> now = new HashSet<>();
        for (ReportedKey row : rows) {
            ExternalKeyId id = row.externalKeyId();
            now.add(id.value());
            Optional<Status> was = Optional.ofNullable(then.get(id.value()));
            if (before.isPresent() && was.isEmpty()) {
                added.add(id);
            }
            if (row.status() == Status.UNHEALTHY) {
                if (!was.equals(Optional.of(Status.UNHEALTHY))) {
                    newlyUnhealthy.add(id);
                } else {
                    (hasAnotherReason(before, row) ? worsened : stillUnhealthy).add(id);
                }
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
        return new ScanRun.Changes(
                before.map(scan -> scan.id().value()),
                newlyUnhealthy,
                worsened,
                stillUnhealthy,
                recovered,
                added,
                gone);
    }

    /** Where nothing is known of the reasons then, they are taken to be those of now. */
    private static boolean hasAnotherReason(Optional<ScanSummary> before, ReportedKey row) {
        return before.map(scan -> scan.details().get(row.externalKeyId().value()))
                .filter(key -> row.findings().stream()
                        .anyMatch(finding ->
                                !key.reasons().contains(finding.reason().name())))
                .isPresent();
    }
}
