package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.fake.Sample;
import cmek.fake.Scans;
import cmek.model.ExternalKeyId;
import cmek.result.ScanRun;
import cmek.result.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangesTest {

    private static final List<Status> STATUSES =
            List.of(Status.UNHEALTHY, Status.UNREACHABLE, Status.UNUSED, Status.HEALTHY);
    private static final Set<Status> TROUBLED = Set.of(Status.UNHEALTHY, Status.UNREACHABLE);

    /** Against an independent definition. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whatHasChangedIsToldInTheOrderOfTheRows(long seed) {
        Random dice = new Random(seed);
        SortedMap<String, Status> then = keys(dice);
        Map<String, Status> now = keys(dice);
        List<String> order = new ArrayList<>(now.keySet());
        Collections.shuffle(order, dice);

        ScanRun.Changes changes = Changes.since(
                Optional.of(scan(then)),
                order.stream()
                        .map(id -> row(id, Objects.requireNonNull(now.get(id))))
                        .toList(),
                true);

        assertThat(changes.since()).contains(Scans.RUN.value());
        assertThat(changes.added()).containsExactlyElementsOf(ids(order, id -> !then.containsKey(id)));
        assertThat(changes.newlyUnhealthy())
                .containsExactlyElementsOf(
                        ids(order, id -> now.get(id) == Status.UNHEALTHY && then.get(id) != Status.UNHEALTHY));
        assertThat(changes.worsened()).isEmpty();
        assertThat(changes.stillUnhealthy())
                .containsExactlyElementsOf(
                        ids(order, id -> now.get(id) == Status.UNHEALTHY && then.get(id) == Status.UNHEALTHY));
        assertThat(changes.recovered())
                .containsExactlyElementsOf(ids(
                        order,
                        id -> then.containsKey(id)
                                && TROUBLED.contains(then.get(id))
                                && !TROUBLED.contains(now.get(id))));
        assertThat(changes.gone())
                .containsExactlyElementsOf(ids(List.copyOf(then.keySet()), id -> !now.containsKey(id)));
    }

    @Test
    void inTheFirstScanWhatIsUnhealthyIsNewAndNothingWasAdded() {
        ScanRun.Changes changes = Changes.since(
                Optional.empty(), List.of(row("ekey_b", Status.UNHEALTHY), row("ekey_a", Status.HEALTHY)), true);

        assertThat(changes)
                .isEqualTo(new ScanRun.Changes(
                        Optional.empty(),
                        List.of(new ExternalKeyId("ekey_b")),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of()));
    }

    @Test
    void whatRecoveredIsNotGone() {
        ScanSummary before = new ScanSummary(
                Scans.RUN,
                Sample.NOW,
                Status.SCAN_COMPLETED,
                Map.of(),
                new TreeMap<>(Map.of("ekey_b", Status.HEALTHY, "ekey_a", Status.UNHEALTHY)),
                new TreeMap<>());

        ScanRun.Changes changes = Changes.since(Optional.of(before), List.of(row("ekey_a", Status.HEALTHY)), true);

        assertThat(changes.recovered()).containsExactly(new ExternalKeyId("ekey_a"));
        assertThat(changes.gone()).containsExactly(new ExternalKeyId("ekey_b"));
    }

    private static SortedMap<String, Status> keys(Random dice) {
        SortedMap<String, Status> keys = new TreeMap<>();
        int size = dice.nextInt(700);
        for (int i = 0; i < size; i++) {
            keys.put("ekey_" + dice.nextInt(900), STATUSES.get(dice.nextInt(STATUSES.size())));
        }
        return keys;
    }

    private static ScanSummary scan(SortedMap<String, Status> keys) {
        return new ScanSummary(Scans.RUN, Sample.NOW, Status.SCAN_COMPLETED, Map.of(), keys, new TreeMap<>());
    }

    private static ReportedKey row(String id, Status status) {
        return new ReportedKey(
                new ExternalKeyId(id),
                "A key",
                Sample.KEY,
                Map.of(),
                status,
                Sample.NOW,
                false,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                Sample.NOW);
    }

    private static List<ExternalKeyId> ids(List<String> order, Predicate<String> changed) {
        return order.stream().filter(changed).map(ExternalKeyId::new).toList();
    }
}
