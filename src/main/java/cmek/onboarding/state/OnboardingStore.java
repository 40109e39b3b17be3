package cmek.onboarding.state;

import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.EvidenceStorage.MediaKind;
import cmek.client.storage.StoredObject;
import cmek.config.StoreSettings;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.EventTime;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Keeps two writes apart that nothing at the other side keeps apart, by an object of the evidence bucket for each thing
 * that is written: {@code reservations/THING.txt} says who may write it, and until when nobody else.
 *
 * <p>Every call may throw {@link PermanentException} and {@link TransientException} of the bucket.
 */
@Singleton
public final class OnboardingStore {

    /** After a call that ended without a clear answer: as long as Anthropic may go on with it and its lists may lag. */
    static final Duration SETTLING = Duration.ofMinutes(2);

    private final EvidenceStorage storage;
    private final Clock clock;
    private final Duration abandonedAfter;

    @Inject
    public OnboardingStore(EvidenceStorage storage, Clock clock, StoreSettings settings) {
        this.storage = storage;
        this.clock = clock;
        this.abandonedAfter = settings.abandonedAfter();
    }

    /**
     * Makes a write that must not be made twice and that nothing at the other side guards. Whoever comes while another
     * may be writing the same thing, or may have written it where no read shows it yet, is sent away to come again.
     *
     * @param thing what is written
     * @param write reads again whether there is anything to write, and is given what it runs right before it sends: that
     *     throws {@link TransientException} where the reservation has expired meanwhile, as after a process was frozen. It
     *     may throw that itself; what it throws after that says whether it may have had an effect all the same
     * @param written whether its answer says that it had one
     * @throws TransientException when somebody else is at it
     */
    public <T> T once(String thing, Function<Runnable, T> write, Predicate<T> written) {
        return once(thing, () -> true, (nothing, stillHeld) -> write.apply(stillHeld), written);
    }

    /**
     * The same for a write that rests on answers which may be asked for while the reservation is being made.
     *
     * @param ask asks for them; they are never older than the reservation
     */
    public <A, T> T once(String thing, Supplier<A> ask, BiFunction<A, Runnable, T> write, Predicate<T> written) {
        if (!storage.isConfigured()) {
            return write.apply(ask.get(), () -> {});
        }
        String name = "reservations/" + thing + ".txt";
        String mine = reservation(abandonedAfter, UUID.randomUUID().toString());
        A asked = ask.get();
        reserve(name, mine);
        AtomicBoolean sent = new AtomicBoolean();
        try {
            T answer = write.apply(asked, () -> {
                requireHeld(name, mine);
                sent.set(true);
            });
            if (!written.test(answer)) {
                hold(name, mine, Duration.ZERO);
            }
            return answer;
        } catch (TransientException e) {
            hold(name, mine, sent.get() && !e.isWithoutEffect() ? SETTLING : Duration.ZERO);
            throw e;
        } catch (PermanentException e) {
            hold(name, mine, Duration.ZERO);
            throw e;
        }
    }

    /** What is written at the very end of a reservation is not seen yet by whoever comes right after it. */
    private void requireHeld(String name, String mine) {
        Instant until = until(mine);
        Duration half = abandonedAfter.dividedBy(2);
        if (!clock.instant().isBefore(until.minus(SETTLING.compareTo(half) < 0 ? SETTLING : half))) {
            throw new TransientException(
                            Reason.BUSY,
                            "the lock on " + thing(name) + " expires at " + EventTime.written(until)
                                    + ", too soon after the write",
                            null)
                    .turnedAway();
        }
    }

    /** What a reservation is of. */
    private static String thing(String name) {
        return name.substring("reservations/".length(), name.length() - ".txt".length());
    }

    private void reserve(String name, String mine) {
        if (storage.create(name, MediaKind.TEXT, mine)) {
            return;
        }
        StoredObject found = storage.read(name)
                .orElseThrow(() -> new TransientException(
                        Reason.GOOGLE_UNAVAILABLE, "the lock on " + thing(name) + " exists and is not shown", null));
        // A write that was retried may have been refused by its own echo.
        if (found.text().equals(mine)) {
            return;
        }
        Instant until = until(found);
        if (clock.instant().isBefore(until)) {
            throw new TransientException(
                    Reason.BUSY,
                    "another instance is writing " + thing(name) + "; the lock expires at " + EventTime.written(until),
                    null);
        }
        if (!storage.replace(name, MediaKind.TEXT, mine, found.generation())
                && storage.read(name)
                        .map(StoredObject::text)
                        .filter(mine::equals)
                        .isEmpty()) {
            throw new TransientException(Reason.BUSY, "another instance has just begun to write " + thing(name), null);
        }
    }

    /** Keeps a reservation of ours for so much longer and no longer; where that fails, it ends by itself. */
    private void hold(String name, String mine, Duration longer) {
        try {
            storage.read(name)
                    .filter(found -> found.text().equals(mine))
                    .ifPresent(found ->
                            storage.replace(name, MediaKind.TEXT, reservation(longer, "released"), found.generation()));
        } catch (TransientException | PermanentException e) {
            // What went wrong before is what matters.
        }
    }

    private String reservation(Duration length, String holder) {
        return EventTime.written(clock.instant().plus(length)) + " " + holder;
    }

    /** What cannot be read was not written by us and holds nobody back. */
    private static Instant until(StoredObject reservation) {
        return until(reservation.text());
    }

    private static Instant until(String reservation) {
        try {
            return Instant.parse(reservation.split(" ", 2)[0]);
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }
}
