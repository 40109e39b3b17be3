package cmek.onboarding.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.client.storage.EvidenceStorage.MediaKind;
import cmek.fake.FakeStorage;
import cmek.fake.Sample;
import cmek.finding.AnthropicFindings;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class OnboardingStoreTest {

    private static final String THING = "workspaces/wrkspc_1";

    private final FakeStorage storage = new FakeStorage();
    private final OnboardingStore store = new OnboardingStore(storage, Sample.CLOCK, Sample.LEDGER);

    private OnboardingStore later(Duration by) {
        return new OnboardingStore(storage, Clock.offset(Sample.CLOCK, by), Sample.LEDGER);
    }

    @Test
    void withoutABucketNothingIsRemembered() {
        OnboardingStore forgetful = new OnboardingStore(FakeStorage.absent(), Sample.CLOCK, Sample.LEDGER);

        assertThat(forgetful.once(THING, () -> "done", done -> true)).isEqualTo("done");
        assertThat(forgetful.once(THING, () -> "again", done -> true)).isEqualTo("again");
    }

    @Test
    void whatWasWrittenIsNotWrittenAgainWhileReadsMayLag() {
        assertThat(store.once(THING, () -> "done", done -> true)).isEqualTo("done");

        assertTaken(later(Sample.LEDGER.abandonedAfter().minusMillis(1)), "2026-11-23T02:12:00.000Z");
        assertThat(later(Sample.LEDGER.abandonedAfter()).once(THING, () -> "again", done -> true))
                .isEqualTo("again");
    }

    @Test
    void aReservationThatExpiredBeforeTheWriteIsNoneAnyMore() {
        AtomicReference<Instant> now = new AtomicReference<>(Sample.NOW);
        InstantSource time = now::get;
        OnboardingStore frozen = new OnboardingStore(storage, time.withZone(ZoneOffset.UTC), Sample.LEDGER);

        assertThatThrownBy(() -> frozen.once(
                        THING,
                        stillHeld -> {
                            stillHeld.run();
                            now.set(Sample.NOW.plus(Sample.LEDGER.abandonedAfter()));
                            stillHeld.run();
                            return "written";
                        },
                        done -> true))
                .isInstanceOfSatisfying(
                        TransientException.class,
                        thrown -> assertThat(thrown.isWithoutEffect()).isTrue())
                .hasMessageContaining("the lock on " + THING + " expired at 2026-11-23T02:12:00.000Z");
    }

    @Test
    void anAnswerThatNothingWasWrittenFreesTheThing() {
        store.once(THING, () -> "refused", done -> false);

        assertThat(store.once(THING, () -> "done", done -> true)).isEqualTo("done");
    }

    @Test
    void anUnclearAnswerHoldsItUntilItHasSettled() {
        TransientException unclear = new TransientException(Reason.ANTHROPIC_UNAVAILABLE, "no answer", null);

        assertThatThrownBy(() -> store.once(THING, throwing(unclear), done -> true))
                .isSameAs(unclear);

        assertTaken(store, "2026-11-23T02:02:00.000Z");
        assertThat(later(OnboardingStore.SETTLING).once(THING, () -> "done", done -> true))
                .isEqualTo("done");
    }

    @Test
    void whatWasTurnedAwayOrRefusedIsFreeAtOnce() {
        TransientException busy = new TransientException(Reason.ANTHROPIC_UNAVAILABLE, "429", null).turnedAway();
        PermanentException refused = new PermanentException(AnthropicFindings.credentialRejected("no"));

        assertThatThrownBy(() -> store.once(THING, throwing(busy), done -> true))
                .isSameAs(busy);
        assertThatThrownBy(() -> store.once(THING, throwing(refused), done -> true))
                .isSameAs(refused);

        assertThat(store.once(THING, () -> "done", done -> true)).isEqualTo("done");
    }

    @Test
    void ofTwoAtOnceOneIsSentAway() {
        String answer = store.once(
                THING,
                () -> {
                    assertTaken(store, "2026-11-23T02:12:00.000Z");
                    return "done";
                },
                done -> true);

        assertThat(answer).isEqualTo("done");
    }

    @Test
    void aReservationThatCannotBeReadHoldsNobodyBack() {
        storage.overwrite("reservations/" + THING + ".txt", MediaKind.TEXT, "scribble");

        assertThat(store.once(THING, () -> "done", done -> true)).isEqualTo("done");
    }

    private static void assertTaken(OnboardingStore store, String until) {
        assertThatThrownBy(() -> store.once(
                        THING,
                        () -> {
                            throw new AssertionError("written");
                        },
                        done -> true))
                .isInstanceOf(TransientException.class)
                .hasMessage("another instance is writing " + THING + "; the lock expires at " + until);
    }

    private static Supplier<String> throwing(RuntimeException thrown) {
        return () -> {
            throw thrown;
        };
    }
}
