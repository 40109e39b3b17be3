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
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The evidence bucket as the words about onboardings that lie in it.
 *
 * <pre>
 * onboardings/ORIGIN/end.json      how it ended; written once
 * onboardings/ORIGIN/causes/…      why a step of it was retried, by the time of it
 * approvals/DIGEST/asked.json      what somebody else is asked to approve
 * approvals/DIGEST/used.txt        the message that did, one permanently
 * reservations/THING.txt           who may write that thing at Anthropic, and until when nobody else
 * </pre>
 *
 * Every call may throw {@link PermanentException} and {@link TransientException} of the bucket.
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

    // --- how it ended --------------------------------------------------------------------------------------------

    /** How an onboarding ended; empty while it has not, or where nothing is remembered. */
    public Optional<String> ending(String deduplicationKey) {
        return storage.isConfigured() ? storage.read(end(deduplicationKey)).map(StoredObject::text) : Optional.empty();
    }

    /**
     * Ends an onboarding, unless it has ended.
     *
     * @return the ending that holds: this one, or the one that came before
     */
    public String end(String deduplicationKey, String ending) {
        return storage.isConfigured() ? first(end(deduplicationKey), MediaKind.JSON, ending) : ending;
    }

    /** Keeps what comes first; returns what is kept. */
    private String first(String name, MediaKind kind, String text) {
        if (storage.create(name, kind, text)) {
            return text;
        }
        return storage.read(name)
                .map(StoredObject::text)
                .orElseThrow(() ->
                        new TransientException(Reason.GOOGLE_UNAVAILABLE, name + " exists and is not shown", null));
    }

    // --- what somebody else must agree to ------------------------------------------------------------------------

    /**
     * Keeps what somebody else is asked to approve.
     *
     * @param digest names it
     * @return what is kept: this, or what was kept under this name before
     */
    public String ask(String digest, String approval) {
        return first(approval(digest) + "asked.json", MediaKind.JSON, approval);
    }

    /** What somebody was asked to approve; empty when nobody was. */
    public Optional<String> asked(String digest) {
        return storage.isConfigured()
                ? storage.read(approval(digest) + "asked.json").map(StoredObject::text)
                : Optional.empty();
    }

    /**
     * Uses up an approval, which is good for one message.
     *
     * @param deduplicationKey of the message that approves
     * @return the origin of the message that it is used up by: this one, or one that came before
     */
    public String use(String digest, String deduplicationKey) {
        return first(approval(digest) + "used.txt", MediaKind.TEXT, deduplicationKey);
    }

    /** The message that used up an approval; empty while none has. */
    public Optional<String> usedBy(String digest) {
        return storage.read(approval(digest) + "used.txt").map(StoredObject::text);
    }

    // --- why it was retried ----------------------------------------------------------------------------------

    /** Notes why a step will be retried, for whoever may have to say it in the end. A failure to do so does no harm. */
    public void note(String deduplicationKey, String cause) {
        try {
            if (storage.isConfigured()) {
                // One more object and none replaced, so that most functions need no right to replace any.
                storage.create(causes(deduplicationKey) + clock.millis() + ".txt", MediaKind.TEXT, cause);
            }
        } catch (TransientException | PermanentException e) {
            // The log has it, and the step will be retried all the same.
        }
    }

    /** Why a step of an onboarding was last retried. */
    public Optional<String> lastCause(String deduplicationKey) {
        if (!storage.isConfigured()) {
            return Optional.empty();
        }
        List<String> causes = storage.list(causes(deduplicationKey));
        return causes.isEmpty()
                ? Optional.empty()
                : storage.read(causes.get(causes.size() - 1)).map(StoredObject::text);
    }

    // --- one at a time -------------------------------------------------------------------------------------------

    /**
     * Makes a write that must not be made twice and that nothing at the other side guards. Whoever comes while another
     * may be writing the same thing, or may have written it where no read shows it yet, is sent away to come again.
     *
     * @param thing what is written
     * @param write may throw {@link TransientException}, which says whether it may have had an effect all the same
     * @param written whether its answer says that it had one
     * @throws TransientException when somebody else is at it
     */
    public <T> T once(String thing, Supplier<T> write, Predicate<T> written) {
        if (!storage.isConfigured()) {
            return write.get();
        }
        String name = "reservations/" + thing + ".txt";
        String mine = reserve(name);
        try {
            T answer = write.get();
            if (!written.test(answer)) {
                hold(name, mine, Duration.ZERO);
            }
            return answer;
        } catch (TransientException e) {
            hold(name, mine, e.isWithoutEffect() ? Duration.ZERO : SETTLING);
            throw e;
        } catch (PermanentException e) {
            hold(name, mine, Duration.ZERO);
            throw e;
        }
    }

    /** What a reservation is of. */
    private static String thing(String name) {
        return name.substring("reservations/".length(), name.length() - ".txt".length());
    }

    private String reserve(String name) {
        Optional<StoredObject> found = storage.read(name);
        Optional<Instant> until = found.map(OnboardingStore::until).filter(clock.instant()::isBefore);
        if (until.isPresent()) {
            throw new TransientException(
                    Reason.ANTHROPIC_UNAVAILABLE,
                    "another instance is writing " + thing(name) + "; the lock expires at " + until.get(),
                    null);
        }
        String mine = reservation(abandonedAfter, UUID.randomUUID().toString());
        boolean taken = found.map(old -> storage.replace(name, MediaKind.TEXT, mine, old.generation()))
                .orElseGet(() -> storage.create(name, MediaKind.TEXT, mine));
        // A write that was retried may have been refused by its own echo.
        if (!taken
                && storage.read(name)
                        .map(StoredObject::text)
                        .filter(mine::equals)
                        .isEmpty()) {
            throw new TransientException(
                    Reason.ANTHROPIC_UNAVAILABLE, "another instance has just begun to write " + thing(name), null);
        }
        return mine;
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
        try {
            return Instant.parse(reservation.text().split(" ", 2)[0]);
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    private static String approval(String digest) {
        return "approvals/" + digest + "/";
    }

    private static String end(String deduplicationKey) {
        return "onboardings/" + deduplicationKey + "/end.json";
    }

    /** In names of milliseconds of one length, the last one comes last. */
    private static String causes(String deduplicationKey) {
        return "onboardings/" + deduplicationKey + "/causes/";
    }
}
