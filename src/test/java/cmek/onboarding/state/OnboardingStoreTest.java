package cmek.onboarding.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.StorageInProcess;
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
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class OnboardingStoreTest {

    private static final String THING = "workspaces/wrkspc_1";

    private final StorageInProcess bucket = new StorageInProcess();
    private final EvidenceStorage storage = bucket.client();
    private final OnboardingStore store = new OnboardingStore(storage, Sample.CLOCK, Sample.LEDGER);

    private OnboardingStore later(Duration by) {
        return new OnboardingStore(storage, Clock.offset(Sample.CLOCK, by), Sample.LEDGER);
    }

    @Test
    void withoutABucketNothingIsRemembered() {
        OnboardingStore forgetful = new OnboardingStore(StorageInProcess.absent(), Sample.CLOCK, Sample.LEDGER);

        assertThat(once(forgetful, () -> "done", done -> true)).isEqualTo("done");
        assertThat(once(forgetful, () -> "again", done -> true)).isEqualTo("again");
    }

    @Test
    void whatWasWrittenIsNotWrittenAgainWhileReadsMayLag() {
        assertThat(once(store, () -> "done", done -> true)).isEqualTo("done");

        assertTaken(later(Sample.LEDGER.abandonedAfter().minusMillis(1)), "2026-11-23T02:12:00.000Z");
        assertThat(once(later(Sample.LEDGER.abandonedAfter()), () -> "again", done -> true))
                .isEqualTo("again");
    }

    @Test
    void nothingIsWrittenWhereTheReservationExpiresBeforeReadsShowIt() {
        AtomicReference<Instant> now = new AtomicReference<>(Sample.NOW);
        InstantSource time = now::get;
        OnboardingStore frozen = new OnboardingStore(storage, time.withZone(ZoneOffset.UTC), Sample.LEDGER);

        assertThatThrownBy(() -> frozen.once(
                        THING,
                        stillHeld -> {
                            stillHeld.run();
                            Instant end = Sample.NOW.plus(Sample.LEDGER.abandonedAfter());
                            now.set(end.minus(OnboardingStore.SETTLING).minusMillis(1));
                            stillHeld.run();
                            now.set(end.minus(OnboardingStore.SETTLING));
                            stillHeld.run();
                            return "written";
                        },
                        done -> true))
                .isInstanceOfSatisfying(
                        TransientException.class,
                        thrown -> assertThat(thrown.isWithoutEffect()).isTrue())
                .hasMessageContaining("the lock on " + THING + " expires at 2026-11-23T02:12:00.000Z");
    }

    @Test
    void anAnswerThatNothingWasWrittenFreesTheThing() {
        once(store, () -> "refused", done -> false);

        assertThat(once(store, () -> "done", done -> true)).isEqualTo("done");
    }

    @Test
    void anUnclearAnswerHoldsItUntilItHasSettled() {
        TransientException unclear = new TransientException(Reason.ANTHROPIC_UNAVAILABLE, "no answer", null);

        assertThatThrownBy(() -> once(store, throwing(unclear), done -> true)).isSameAs(unclear);

        assertTaken(store, "2026-11-23T02:02:00.000Z");
        assertThat(once(later(OnboardingStore.SETTLING), () -> "done", done -> true))
                .isEqualTo("done");
    }

    @Test
    void whatWasTurnedAwayOrRefusedIsFreeAtOnce() {
        TransientException busy = new TransientException(Reason.ANTHROPIC_UNAVAILABLE, "429", null).turnedAway();
        PermanentException refused = new PermanentException(AnthropicFindings.credentialRejected("no"));

        assertThatThrownBy(() -> once(store, throwing(busy), done -> true)).isSameAs(busy);
        assertThatThrownBy(() -> once(store, throwing(refused), done -> true)).isSameAs(refused);

        assertThat(once(store, () -> "done", done -> true)).isEqualTo("done");
    }

    @Test
    void whatFailedBeforeAnythingWasSentIsFreeAtOnce() {
        TransientException unread = new TransientException(Reason.ANTHROPIC_UNAVAILABLE, "no answer", null);

        assertThatThrownBy(() -> store.once(
                        THING,
                        stillHeld -> {
                            throw unread;
                        },
                        done -> true))
                .isSameAs(unread);

        assertThat(once(store, () -> "done", done -> true)).isEqualTo("done");
    }

    @Test
    void ofTwoAtOnceOneIsSentAway() {
        String answer = once(
                store,
                () -> {
                    assertTaken(store, "2026-11-23T02:12:00.000Z");
                    return "done";
                },
                done -> true);

        assertThat(answer).isEqualTo("done");
    }

    @Test
    void aReservationThatCannotBeReadHoldsNobodyBack() {
        bucket.write("reservations/" + THING + ".txt", "scribble");

        assertThat(once(store, () -> "done", done -> true)).isEqualTo("done");
    }

    private static void assertTaken(OnboardingStore store, String until) {
        assertThatThrownBy(() -> once(
                        store,
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

    private static String once(OnboardingStore store, Supplier<String> write, Predicate<String> written) {
        return store.once(
                THING,
                stillHeld -> {
                    stillHeld.run();
                    return write.get();
                },
                written);
    }
}
