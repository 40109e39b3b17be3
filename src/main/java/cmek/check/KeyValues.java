package cmek.check;

import cmek.client.kms.KeyPolicy;
import cmek.client.kms.KeyVersionInfo;
import cmek.model.AnthropicPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What checks saw of a key, in the words of a report. */
public final class KeyValues {

    private static final int RUNS_AT_MOST = 12;

    private KeyValues() {}

    /** When the first scheduled destruction of a version becomes final. */
    public static Optional<Instant> nextDestruction(List<KeyVersionInfo> versions) {
        return versions.stream()
                .filter(KeyInspection::isDestroyScheduled)
                .flatMap(version -> version.destroyTime().stream())
                .min(Instant::compareTo);
    }

    /** {@code 1-3 ENABLED, 4 DISABLED}: neighbours of one state are one run. */
    static String versions(List<KeyVersionInfo> versions) {
        List<List<KeyVersionInfo>> runs = new ArrayList<>();
        for (KeyVersionInfo version : versions) {
            if (runs.isEmpty() || !continues(runs.get(runs.size() - 1), version)) {
                runs.add(new ArrayList<>());
            }
            runs.get(runs.size() - 1).add(version);
        }
        String shown = runs.stream().limit(RUNS_AT_MOST).map(KeyValues::run).collect(Collectors.joining(", "));
        return runs.size() > RUNS_AT_MOST ? shown + ", and more; " + versions.size() + " versions" : shown;
    }

    private static boolean continues(List<KeyVersionInfo> run, KeyVersionInfo next) {
        KeyVersionInfo last = run.get(run.size() - 1);
        return last.number() + 1 == next.number() && last.state().equals(next.state());
    }

    private static String run(List<KeyVersionInfo> run) {
        KeyVersionInfo first = run.get(0);
        KeyVersionInfo last = run.get(run.size() - 1);
        return (run.size() == 1 ? first.number() : first.number() + "-" + last.number()) + " " + first.state();
    }

    /** Which of its roles Anthropic holds on the key itself, without a condition. */
    static String bindings(KeyPolicy policy) {
        String held = AnthropicPrincipal.ROLES.stream()
                .filter(role -> policy.grants(role, AnthropicPrincipal.MEMBER))
                .collect(Collectors.joining(" and "));
        return (held.isEmpty() ? "no role" : held) + " for " + AnthropicPrincipal.EMAIL;
    }

    /** {@code 90 days}; what is not a number of whole days as ISO 8601 has it. */
    static String days(Duration duration) {
        long days = duration.toDays();
        return duration.equals(Duration.ofDays(days)) ? days + (days == 1 ? " day" : " days") : duration.toString();
    }
}
