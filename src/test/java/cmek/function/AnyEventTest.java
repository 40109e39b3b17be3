package cmek.function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cmek.check.WorkspaceLookup;
import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.AdminApiInProcess;
import cmek.client.pubsub.TopicsInProcess;
import cmek.client.pubsub.TopicsInProcess.Published;
import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.StorageInProcess;
import cmek.config.CmekConfig;
import cmek.config.Configs;
import cmek.fake.Checks;
import cmek.fake.KmsInProcess;
import cmek.fake.Sample;
import cmek.finding.RedeliveryException;
import cmek.finding.TransientException;
import cmek.function.logging.ResultLog;
import cmek.onboarding.Propagation;
import cmek.onboarding.Step;
import cmek.onboarding.request.RequestParser;
import cmek.onboarding.state.Approvals;
import cmek.onboarding.state.NewestResults;
import cmek.onboarding.state.OnboardingStore;
import cmek.onboarding.state.TerminalResults;
import cmek.onboarding.state.Warnings;
import cmek.onboarding.step.FindAttachment;
import cmek.result.Status;
import cmek.schema.Schemas;
import cmek.simulator.Faults;
import com.fasterxml.jackson.databind.JsonNode;
import io.cloudevents.CloudEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Arbitrary bytes and JSON at every entry point: nothing leaves one but the wish to be delivered again, each message comes to one
 * end or goes on once, and what is no request and no event of ours writes nothing outside.
 *
 * <p>A failing case names its seed and number; {@code -Dcmek.seed=…} makes the same cases again, {@code -Dcmek.cases=…}
 * more of them.
 */
class AnyEventTest {

    private static final long SEED =
            Long.getLong("cmek.seed", RandomGenerator.getDefault().nextLong());
    private static final int CASES = Integer.getInteger("cmek.cases", 7_200);

    private static final List<String> ENTRY_POINTS = Stream.concat(
                    Stream.of("reportDeadLetter"), Stream.of(Step.values()).map(Step::function))
            .toList();
    private static final CmekConfig CONFIG = Configs.of(Map.of("cmek.timing.max-age", "PT2H"));
    private static final Propagation PROPAGATION = new Propagation(Duration.ofMinutes(10), Sample.CLOCK);
    private static final String ATTRIBUTE = "[ -~]{1,1024}";
    private static final int MESSAGE_AT_MOST = 4_100;
    private static final String FAILURE =
            "{\"type\":\"external_key_validation\",\"status\":\"failure\",\"error\":\"no \\u001b[31m\"}";

    @Test
    @Timeout(120)
    void whateverComesEndsOnceAndNothingLeavesAnEntryPoint() {
        System.out.println("anything at the entry points: " + CASES + " cases, -Dcmek.seed=" + SEED);
        Map<String, Integer> ends = new ConcurrentSkipListMap<>();
        IntStream.range(0, CASES).parallel().forEach(number -> ends.merge(end(number), 1, Integer::sum));
        System.out.println("anything at the entry points: " + ends);
        // Dice that make nothing but rubbish would prove nothing.
        assertThat(ends.keySet())
                .contains(
                        "REFUSED UNREADABLE",
                        "REFUSED INVALID_REQUEST",
                        "FAILED RETRIES_EXHAUSTED",
                        "ACCEPTED",
                        "PROGRESS",
                        "ATTACHED",
                        "once more");
    }

    private static String end(int number) {
        SplittableRandom dice = new SplittableRandom(SEED + number * 0x9E3779B97F4A7C15L);
        String name = ENTRY_POINTS.get(number % ENTRY_POINTS.size());
        AnyEvents.Case given = new AnyEvents(dice, name.equals("onboard")).next();
        try {
            return new Room(dice).enter(name, given);
        } catch (AssertionError e) {
            throw new AssertionError(
                    "case " + number + " at " + name + " (" + given.kind() + "), -Dcmek.seed=" + SEED + ": "
                            + e.getMessage() + "\n" + given.shown(),
                    e);
        }
    }

    /** The real entry points and steps, with the outside in memory, for one case. */
    private static final class Room {

        private final TopicsInProcess topics = new TopicsInProcess();
        private final KmsInProcess kms = new KmsInProcess();
        private final AdminApiInProcess admin = new AdminApiInProcess();
        private final AdminApi anthropic = admin.client();
        private final ScanHarness scan = new ScanHarness();
        private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
        private final StorageInProcess bucket = new StorageInProcess();
        private final EvidenceStorage storage = bucket.client();
        private final OnboardingStore store = new OnboardingStore(storage, Sample.CLOCK, Sample.LEDGER);
        private final Approvals approvals = new Approvals(storage);
        private final OnboardingHandler handler = new OnboardingHandler(
                new MessageHandler(),
                new ResultPublisher(
                        topics.client(),
                        new ResultLog(new PrintStream(logged, true, UTF_8)),
                        Sample.SERVICE,
                        new NewestResults(storage),
                        Sample.CALLS),
                new TerminalResults(storage, Sample.CLOCK),
                approvals,
                new Warnings(storage),
                new RequestParser(Sample.POLICY),
                Sample.CALLS,
                Sample.CLOCK,
                CONFIG);

        Room(SplittableRandom dice) {
            if (dice.nextBoolean()) {
                kms.withKey(Sample.KEY, dice.nextBoolean() ? Sample.LABELS : Map.of());
                if (dice.nextBoolean()) {
                    kms.withPolicy(Sample.KEY, Sample.GRANTED);
                }
            }
            if (dice.nextBoolean()) {
                admin.simulator().withKey("ekey_1", Sample.KEY.toString(), Sample.NOW);
            }
            admin.simulator().withWorkspace(Sample.WORKSPACE.value(), "Payments");
            switch (dice.nextInt(12)) {
                case 0 -> topics.failingOn("results");
                case 1 -> topics.failingOn("create-key");
                case 2, 3 -> admin.each("POST", ".*/validate", Faults.status(200, Map.of(), FAILURE));
                default -> {}
            }
        }

        Map<String, Consumer<CloudEvent>> handlers() {
            Map<String, Consumer<CloudEvent>> handlers = new Chain(
                            anthropic,
                            kms.client(),
                            store,
                            approvals,
                            Sample.CLOCK,
                            Sample.POLICY,
                            Sample.ORGANIZATION,
                            PROPAGATION,
                            Sample.CALLS)
                    .behind(handler);
            handlers.put(
                    "reportDeadLetter",
                    new ReportDeadLetterFunction(
                                    handler,
                                    scan.handler(),
                                    new FindAttachment(new WorkspaceLookup(anthropic, Checks.names())))
                            ::reportDeadLetter);
            return handlers;
        }

        /** Lets a case in and says how it ended. */
        String enter(String name, AnyEvents.Case given) {
            Throwable thrown =
                    thrownBy(java.util.Objects.requireNonNull(handlers().get(name)), given.event());
            List<Published> published = new ArrayList<>(topics.published());
            published.addAll(scan.topics.published());
            List<JsonNode> results = new ArrayList<>();
            List<Published> handovers = new ArrayList<>();
            for (Published message : published) {
                keepsWithinBounds(message);
                if (message.topic().equals("results")) {
                    assertThat(Schemas.RESULT.faults(message.json())).isEmpty();
                    results.add(ScanHarness.json(message.json()));
                } else {
                    handovers.add(message);
                }
            }
            logged(results.size(), thrown);
            boolean reads = List.of("onboard", "reportDeadLetter").contains(name);
            boolean unreadable = results.stream()
                    .anyMatch(result -> result.path("reason").asText("").equals("UNREADABLE"));
            if (reads || given.hopeless() || unreadable) {
                assertThat(kms.writes()).isEmpty();
                assertThat(admin.calls()).isEmpty();
            }
            if (thrown != null) {
                assertThat(thrown).isInstanceOfAny(RedeliveryException.class, TransientException.class);
                // A result and the next step's event are published side by side: one may be taken though the other is
                // not.
                assertThat(handovers).hasSizeLessThanOrEqualTo(1);
                assertThat(results).noneMatch(Room::isTerminal);
                return "once more";
            }
            assertThat(results).hasSize(1);
            JsonNode result = results.get(0);
            assertThat(handovers).hasSize(isTerminal(result) ? 0 : 1);
            String end =
                    result.path("status").asText() + " " + result.path("reason").asText("");
            if (given.hopeless()) {
                assertThat(end).matches("(REFUSED|FAILED) [A-Z_]+");
            }
            return end.replace(" null", "").strip();
        }

        private static boolean isTerminal(JsonNode result) {
            return Status.valueOf(result.path("status").asText()).isTerminal();
        }

        /** Whatever it is: a stack overflow would end a function as an exception does. */
        private static @Nullable Throwable thrownBy(Consumer<CloudEvent> handler, CloudEvent event) {
            try {
                handler.accept(event);
                return null;
            } catch (RuntimeException | Error e) {
                return e;
            }
        }

        /** Attributes become headers, and Pub/Sub refuses those that are too long; a message is a line for a person. */
        private static void keepsWithinBounds(Published message) {
            assertThat(message.attributes().values()).allMatch(value -> value.matches(ATTRIBUTE));
            assertThat(message.orderingKey()).matches(ATTRIBUTE);
            if (message.topic().equals("results")) {
                String text = ScanHarness.json(message.json()).path("message").asText();
                assertThat(text.length()).isLessThanOrEqualTo(MESSAGE_AT_MOST);
                assertThat(text).doesNotContainPattern("\\p{Cntrl}");
            }
        }

        /** What could not be published is in the log all the same. */
        private void logged(int results, @Nullable Throwable thrown) {
            String text = logged.toString(UTF_8) + scan.log.toString(UTF_8);
            // That it will be retried is a line, and a result that may not have been published.
            assertThat(text.lines().count()).isBetween((long) results, thrown == null ? results : results + 2L);
            assertThat(text.replace("\n", "")).doesNotContainPattern("\\p{Cntrl}");
        }
    }
}
