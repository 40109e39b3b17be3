package cmek.onboarding.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.EvidenceStorage.MediaKind;
import cmek.client.storage.StoredObject;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.RequestFindings;
import cmek.finding.TransientException;
import cmek.model.Json;
import cmek.model.SafeText;
import cmek.result.Result;
import cmek.result.Status;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Every onboarding has one end, however often its messages are delivered and wherever they end up: the first that is
 * written into the evidence bucket. All others publish that one again, under the same {@code ce-id}.
 *
 * <p>{@link Status#FAILED} alone is not the last word: a replay goes on after it, and a delivery that was still under way
 * when it was said may succeed all the same. What then ends the onboarding names it in {@code supersedes}.
 *
 * <pre>
 * onboardings/DEDUPLICATION_KEY/end.json    how it ended; written once
 * onboardings/DEDUPLICATION_KEY/end-2.json  what superseded that, and so on
 * onboardings/DEDUPLICATION_KEY/causes/…    why a step of it was retried: TIME-STEP-REASON.txt, or TIME-STEP-REASON-told.txt
 *                                           where that was published
 * </pre>
 */
@Singleton
public final class TerminalResults {

    private static final Logger LOG = Logger.getLogger(TerminalResults.class);
    private static final int CAUSE = 500;

    /** How long the same cause is not published again. */
    static final Duration TOLD_AGAIN_AFTER = Duration.ofMinutes(15);

    private final EvidenceStorage storage;
    private final Clock clock;

    @Inject
    public TerminalResults(EvidenceStorage storage, Clock clock) {
        this.storage = storage;
        this.clock = clock;
    }

    /**
     * How it ended; empty while it has not, while it is replayed after it failed, or where nothing is remembered.
     *
     * @param replay which one asks
     * @throws PermanentException when it has ended in a way that cannot be read
     */
    public Optional<TerminalResult> of(String deduplicationKey, int replay) {
        if (!storage.isConfigured()) {
            return Optional.empty();
        }
        Kept last = last(deduplicationKey);
        if (last.fault().isPresent()) {
            throw new PermanentException(last.fault().get());
        }
        return last.end().filter(end -> end.ends(replay));
    }

    /** Ends it, unless it has ended; returns the ending that holds. */
    public TerminalResult end(String deduplicationKey, String messageId, int replay, Result result) {
        TerminalResult ending = TerminalResult.of(messageId, replay, result);
        if (!storage.isConfigured()) {
            return ending;
        }
        try {
            TerminalResult next = ending;
            int before = 0;
            while (!storage.create(end(deduplicationKey, before + 1), MediaKind.JSON, Json.written(next))) {
                Kept last = last(deduplicationKey);
                if (last.count() == before) {
                    throw new TransientException(
                            Reason.GOOGLE_UNAVAILABLE,
                            "the end of " + deduplicationKey + " exists and is not shown",
                            null);
                }
                Optional<TerminalResult> ended = last.end();
                if (ended.isPresent() && !isSupersededBy(result.status(), replay, ended.get())) {
                    return ended.get();
                }
                next = ended.map(failed -> TerminalResult.of(messageId, replay, result.superseding(failed.id())))
                        .orElse(ending);
                before = last.count();
            }
            return next;
        } catch (PermanentException e) {
            // A bucket that cannot be written must not keep the answer from those who wait for it.
            LOG.warnf(
                    "the end of %s is not kept: %s",
                    deduplicationKey, e.finding().message());
            return ending;
        }
    }

    /** What failed is superseded by its replay, whatever that comes to, and by a success of what was thought to be lost. */
    private static boolean isSupersededBy(Status status, int replay, TerminalResult before) {
        return !before.ends(replay) || (before.hasFailed() && status != Status.FAILED && status != Status.REFUSED);
    }

    /**
     * The last of the ends that are kept.
     *
     * @param count how many there are
     * @param fault why the last one cannot be read
     */
    private record Kept(int count, Optional<TerminalResult> end, Optional<Finding> fault) {}

    private Kept last(String deduplicationKey) {
        Kept last = new Kept(0, Optional.empty(), Optional.empty());
        while (true) {
            int count = last.count() + 1;
            String name = end(deduplicationKey, count);
            Optional<StoredObject> stored = storage.read(name);
            if (stored.isEmpty()) {
                return last;
            }
            last = read(count, name, stored.get().text());
        }
    }

    /**
     * What is published of a step that is being retried.
     *
     * @param times how often it has failed
     * @param since when it failed first
     */
    public record Retries(int times, Instant since) {}

    /**
     * Notes why a step will be retried, for whoever may have to say it in the end. A failure to do so does no harm.
     *
     * @return what is to be published; empty where the same was published less than fifteen minutes ago, or where nothing
     *     is remembered
     */
    public Optional<Retries> note(String deduplicationKey, String step, TransientException cause) {
        if (!storage.isConfigured()) {
            return Optional.empty();
        }
        try {
            Instant now = clock.instant();
            List<Noted> before = storage.list(causes(deduplicationKey)).stream()
                    .map(Noted::of)
                    .flatMap(Optional::stream)
                    .filter(noted -> noted.step().equals(step))
                    .toList();
            boolean told = before.stream()
                    .anyMatch(noted -> noted.told()
                            && noted.reason().equals(cause.reason().name())
                            && noted.at().plus(TOLD_AGAIN_AFTER).isAfter(now));
            // One more object and none replaced, so that two that fail at a time do not wait for each other.
            storage.create(
                    causes(deduplicationKey)
                            + new Noted(now, step, cause.reason().name(), !told).name(),
                    MediaKind.TEXT,
                    SafeText.sanitize(step + ": " + cause.reason() + ", " + cause.getMessage(), CAUSE));
            return told
                    ? Optional.empty()
                    : Optional.of(new Retries(
                            before.size() + 1,
                            before.isEmpty() ? now : before.get(0).at()));
        } catch (TransientException | PermanentException e) {
            // The log has it, and the step will be retried all the same.
            return Optional.empty();
        }
    }

    /** What the name of a cause says. */
    private record Noted(Instant at, String step, String reason, boolean told) {

        private static final Pattern NAME = Pattern.compile(".*/([0-9]{13})-([A-Za-z]+)-([A-Z_]+)(-told)?\\.txt");

        /** Another release may have named it otherwise. */
        static Optional<Noted> of(String name) {
            Matcher parts = NAME.matcher(name);
            return parts.matches()
                    ? Optional.of(new Noted(
                            Instant.ofEpochMilli(Long.parseLong(parts.group(1))),
                            parts.group(2),
                            parts.group(3),
                            parts.group(4) != null))
                    : Optional.empty();
        }

        String name() {
            return at.toEpochMilli() + "-" + step + "-" + reason + (told ? "-told" : "") + ".txt";
        }
    }

    /** Why a step was last retried; an answer without it is better than none. */
    public Optional<String> lastCause(String deduplicationKey) {
        if (!storage.isConfigured()) {
            return Optional.empty();
        }
        try {
            List<String> causes = storage.list(causes(deduplicationKey));
            return causes.isEmpty()
                    ? Optional.empty()
                    : storage.read(causes.get(causes.size() - 1))
                            .map(StoredObject::text)
                            .map(cause -> SafeText.sanitize(cause, CAUSE));
        } catch (PermanentException e) {
            return Optional.empty();
        }
    }

    private static Kept read(int count, String name, String json) {
        try {
            return new Kept(
                    count, Optional.of(Json.read(json.getBytes(UTF_8), TerminalResult.class)), Optional.empty());
        } catch (IOException e) {
            // It has ended, though nobody can say how: nothing is done a second time.
            return new Kept(
                    count,
                    Optional.empty(),
                    Optional.of(RequestFindings.unreadableObject(name, String.valueOf(e.getMessage()))));
        }
    }

    private static String end(String deduplicationKey, int number) {
        return "onboardings/" + deduplicationKey + (number == 1 ? "/end.json" : "/end-" + number + ".json");
    }

    /** In names of milliseconds of one length, the last one comes last. */
    private static String causes(String deduplicationKey) {
        return "onboardings/" + deduplicationKey + "/causes/";
    }
}
