package cmek.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.simulation.Simulation.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What must hold under every schedule. A thousand are run in every build and nine thousand more in the thorough one;
 * {@code -Dsimulation.schedules=200000} runs as many as it says in the place of both, {@code -Dsimulation.seed=…} begins
 * with another seed, and with {@code -Dsimulation.schedules=1} tells the history of that one.
 */
class SimulationTest {

    private static final long SCHEDULES = Long.getLong("simulation.schedules", 1_000);
    private static final long SCHEDULES_WHEN_THOROUGH = 10_000;
    private static final long FIRST_SEED = Long.getLong("simulation.seed", 1);
    private static final int AT_A_TIME = 2;

    private static final ExecutorService THREADS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "simulated");
        thread.setDaemon(true);
        return thread;
    });

    @AfterAll
    static void end() {
        THREADS.shutdownNow();
    }

    @Test
    void everyScheduleKeepsEveryPromise() throws InterruptedException, ExecutionException {
        keepEveryPromise(FIRST_SEED, SCHEDULES);
    }

    @Tag("thorough")
    @Test
    void moreSchedulesKeepEveryPromise() throws InterruptedException, ExecutionException {
        keepEveryPromise(FIRST_SEED + SCHEDULES, SCHEDULES_WHEN_THOROUGH - SCHEDULES);
    }

    private static void keepEveryPromise(long first, long schedules) throws InterruptedException, ExecutionException {
        AtomicLong seed = new AtomicLong(first);
        Map<String, Integer> reached = new ConcurrentSkipListMap<>();
        List<Future<Optional<Verdict>>> workers = new ArrayList<>();
        for (int i = 0; i < AT_A_TIME; i++) {
            workers.add(THREADS.submit(() -> {
                ClientCache windows = new ClientCache();
                for (long next = seed.getAndIncrement(); next < first + schedules; next = seed.getAndIncrement()) {
                    Verdict verdict = Simulation.run(next, Flaw.NONE, windows, THREADS, false);
                    verdict.ends().forEach(end -> reached.merge(end, 1, Integer::sum));
                    if (!verdict.violations().isEmpty()) {
                        return Optional.of(verdict);
                    }
                }
                return Optional.empty();
            }));
        }
        List<Verdict> broken = new ArrayList<>();
        for (Future<Optional<Verdict>> worker : workers) {
            worker.get().ifPresent(broken::add);
        }
        System.out.println(schedules + " schedules from seed " + first + " on came to " + reached);

        assertThat(broken.stream().map(SimulationTest::told).toList()).isEmpty();
    }

    @Test
    void aSeedIsAHistory() {
        Verdict first = Simulation.run(7, Flaw.NONE, new ClientCache(), THREADS, true);
        Verdict second = Simulation.run(7, Flaw.NONE, new ClientCache(), THREADS, true);

        assertThat(first.history()).hasSizeGreaterThan(50).isEqualTo(second.history());
        assertThat(Simulation.run(8, Flaw.NONE, new ClientCache(), THREADS, true)
                        .history())
                .isNotEqualTo(first.history());
    }

    /** Each promise can be broken, and it is noticed: by the very check that is there for it. */
    @ParameterizedTest
    @CsvSource({
        "ATTACHES_WITHOUT_READING, ATTACHED_OVER",
        "CREATES_WITHOUT_LISTING, REGISTERED_TWICE",
        "WRITES_WITHOUT_RESERVATION, REGISTERED_TWICE",
        "WRITES_WITHOUT_RESERVATION, ATTACHED_OVER",
        "WRITES_IAM_WITHOUT_ETAG, OTHERS_GRANTS",
        "REPLACES_LABELS, OTHERS_LABELS",
        "SKIPS_VALIDATION, NOT_VALIDATED",
        "FORGETS_TERMINAL_RESULTS, SEVERAL_ENDS",
        "FORGETS_TERMINAL_RESULTS, WRITTEN_AFTER_END",
        "ACKNOWLEDGES_FIRST, NO_END",
        "DROPS_DEAD_LETTERS, NO_END",
        "ACKNOWLEDGES_FIRST, NO_SCAN_END",
        "LABELS_AGAIN, WRITTEN_AGAIN",
        "IGNORES_APPROVALS, ATTACHED_UNAPPROVED",
        "TAKES_LATE_APPROVALS, APPROVAL_TAKEN",
        "FORGETS_USED_APPROVALS, APPROVED_TWICE",
        "ALLOWS_ANY_WORKSPACE, ATTACHED_UNALLOWED",
        "SCANS_ANOTHER_KEY, GRANTED_UNASKED",
        "DELETES_REGISTRATIONS, REGISTRATION_GONE",
        "FORGETS_TERMINAL_RESULTS, NOT_SUPERSEDED",
        "DROPS_REPLAYS, REPLAY_IGNORED",
        "NEVER_LOSES_A_LOCK, ATTACHED_OVER"
    })
    void aBrokenProductIsNoticed(Flaw flaw, String promise) {
        ClientCache windows = new ClientCache();
        for (long seed = 1; seed <= 3000; seed++) {
            List<String> violations =
                    Simulation.run(seed, flaw, windows, THREADS, false).violations();
            if (violations.stream().anyMatch(violation -> violation.startsWith(promise))) {
                System.out.println(flaw + " is noticed at seed " + seed + ": " + violations.get(0));
                return;
            }
        }
        throw new AssertionError(flaw + " never broke " + promise);
    }

    /** The whole story of a schedule that broke a promise. */
    private static String told(Verdict verdict) {
        Verdict again = Simulation.run(verdict.seed(), Flaw.NONE, new ClientCache(), THREADS, true);
        return "seed " + verdict.seed() + " broke " + verdict.violations() + "\n" + String.join("\n", again.history());
    }
}
