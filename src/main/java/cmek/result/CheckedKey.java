package cmek.result;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an alert says of a checked key, and what proves that it was checked.
 *
 * @param labels of the key, as Cloud KMS has them: a team's alerts are found by them
 * @param down whether Anthropic cannot use the key now
 * @param workspacesDown the workspaces that do not work because of it, by name and id; empty where there are none
 * @param since when a check first saw the key with its status
 * @param downSince when a check first saw that Anthropic cannot use it
 * @param firstCommand what to do first; empty where nothing is wrong
 * @param report where a person reads more, in a browser; that of a scan is there when the scan has ended
 * @param checks the result of each check and what it saw
 */
@RegisterForReflection
public record CheckedKey(
        String name,
        String displayName,
        String project,
        Map<String, String> labels,
        boolean down,
        String workspacesDown,
        Instant since,
        Optional<Instant> downSince,
        String firstCommand,
        String report,
        Map<String, String> checks) {

    public CheckedKey {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        checks = Collections.unmodifiableMap(new TreeMap<>(checks));
    }
}
