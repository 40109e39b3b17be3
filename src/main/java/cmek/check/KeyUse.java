package cmek.check;

import cmek.client.anthropic.ExternalKey;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How Anthropic uses a key, as far as it bears on what lies under the key's versions.
 *
 * @param registered whether the key is registered; before that nothing of Anthropic's lies under any version
 * @param since when the oldest registration was created; empty where that is not known
 * @param attached whether some workspace refers to one of the registrations
 * @param workspaces those that do, as a person knows them; empty also where they are not known
 * @param seen what an earlier check saw of the key
 */
public record KeyUse(
        boolean registered, Optional<Instant> since, boolean attached, List<String> workspaces, Optional<Seen> seen) {

    /** Of a key that nobody registered. */
    public static final KeyUse NONE = new KeyUse(false, Optional.empty(), false, List.of(), Optional.empty());

    public KeyUse {
        workspaces = List.copyOf(workspaces);
    }

    /**
     * What an earlier check saw of a key that existed then.
     *
     * @param highestVersion the highest number of its versions; 0 where that is not known
     */
    @RegisterForReflection
    public record Seen(long highestVersion) {}

    /** What Anthropic's list of registrations shows; who uses them it does not show. */
    static KeyUse of(List<ExternalKey> registrations) {
        if (registrations.isEmpty()) {
            return NONE;
        }
        return new KeyUse(
                true,
                registrations.stream()
                        .map(ExternalKey::createdAt)
                        .min(Comparator.naturalOrder())
                        .filter(any -> registrations.stream()
                                .noneMatch(
                                        registration -> registration.createdAt().equals(Instant.MAX))),
                registrations.stream().anyMatch(ExternalKey::attached),
                List.of(),
                Optional.empty());
    }

    /** Whether a moment was before Anthropic can have written anything. */
    boolean isBefore(Instant moment) {
        return !registered || since.filter(moment::isBefore).isPresent();
    }

    /** What a person is told of data that cannot be read any more; empty where no workspace uses the key. */
    String lost(String verb) {
        if (!attached) {
            return "";
        }
        return "data " + verb + " permanently in "
                + (workspaces.isEmpty() ? "every workspace that uses the key" : String.join(", ", workspaces));
    }
}
