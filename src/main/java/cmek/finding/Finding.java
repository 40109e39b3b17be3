package cmek.finding;

import cmek.model.SafeText;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that is not as it must be: why a request is refused, or what a result warns about.
 *
 * @param severity how serious it is
 * @param actor who must act
 * @param message one line, with the actual values in it
 * @param remedy commands or instructions that fix it, ready to be pasted
 */
@RegisterForReflection
public record Finding(Reason reason, Severity severity, Actor actor, String message, List<String> remedy) {

    /** In characters; text quoted from an outside API is cut much shorter. */
    public static final int SHOWN = 4_000;

    /** As it lies in an event or an object; that of an earlier release has neither severity nor actor. */
    @JsonCreator
    static Finding read(
            @JsonProperty("reason") Reason reason,
            @JsonProperty("severity") Optional<Severity> severity,
            @JsonProperty("actor") Optional<Actor> actor,
            @JsonProperty("message") String message,
            @JsonProperty("remedy") List<String> remedy) {
        return new Finding(reason, severity.orElse(reason.severity()), actor.orElse(reason.actor()), message, remedy);
    }

    /** With the severity and the actor of the reason. */
    public Finding(Reason reason, String message, List<String> remedy) {
        this(reason, reason.severity(), reason.actor(), message, remedy);
    }

    /** Every text is a single line, whatever is quoted in it and wherever the finding was read from. */
    public Finding {
        if (message.isBlank() || remedy.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("a finding without a message, or with an empty remedy");
        }
        message = SafeText.sanitize(message, SHOWN);
        remedy = remedy.stream().map(line -> SafeText.sanitize(line, SHOWN)).toList();
    }

    /**
     * Several causes as one finding: the reason, the severity and the actor of the first, and what all of them say. Commands
     * come before sentences, so that no sentence stands between two commands.
     *
     * @param worstFirst at least one
     */
    public static Finding all(List<Finding> worstFirst) {
        Finding worst = worstFirst.get(0);
        List<String> lines = worstFirst.stream()
                .flatMap(finding -> finding.remedy().stream())
                .distinct()
                .toList();
        return new Finding(
                worst.reason(),
                worst.severity(),
                worst.actor(),
                worstFirst.stream().map(Finding::message).distinct().collect(Collectors.joining("; and ")),
                Stream.concat(
                                lines.stream().filter(Finding::isCommand),
                                lines.stream().filter(line -> !isCommand(line)))
                        .toList());
    }

    /** Whether a line of a remedy is pasted into a shell; the others are sentences. */
    public static boolean isCommand(String line) {
        return line.startsWith("gcloud ");
    }

    /** The same, of another severity. */
    public Finding as(Severity other) {
        return new Finding(reason, other, actor, message, remedy);
    }

    /** The same, for somebody else to act. */
    public Finding actor(Actor other) {
        return new Finding(reason, severity, other, message, remedy);
    }

    /** The same, said in more words. */
    public Finding message(String other) {
        return new Finding(reason, severity, actor, other, remedy);
    }

    /** The same, with another way out. */
    public Finding remedy(List<String> other) {
        return new Finding(reason, severity, actor, message, other);
    }
}
