package cmek.scan;

import cmek.check.CheckEntry;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.result.Status;
import cmek.scan.RegisteredKey.WorkspaceUse;
import com.fasterxml.jackson.annotation.JsonIgnore;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One key of a scan's report, for people and programs; see {@code deployment/schemas/report.schema.json}.
 *
 * @param labels of the key, as Cloud KMS has them
 * @param since when a check first saw the key with its status
 * @param down whether Anthropic cannot use the key now
 * @param downSince when a check first saw that; of a key that could not be checked, what was so before
 * @param destroysAt when the first scheduled destruction of a version becomes final
 * @param workspaces that use it, archived ones too
 * @param findings what is wrong, worst first
 * @param notices what a person should know although it changes no status
 * @param reasonsSince when a check first saw each reason
 * @param restored what was lost and has been restored by this run
 * @param checks each check and what it saw, also where nothing is wrong
 */
@RegisterForReflection
public record ReportedKey(
        ExternalKeyId externalKeyId,
        String displayName,
        CryptoKeyName key,
        Map<String, String> labels,
        Status status,
        Instant since,
        boolean down,
        Optional<Instant> downSince,
        Optional<Instant> destroysAt,
        List<WorkspaceUse> workspaces,
        List<Finding> findings,
        List<Finding> notices,
        Map<Reason, Instant> reasonsSince,
        List<Reason> restored,
        Optional<KeyChange> change,
        List<CheckEntry> checks,
        Instant checkedAt) {

    public ReportedKey {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        workspaces = List.copyOf(workspaces);
        findings = List.copyOf(findings);
        notices = List.copyOf(notices);
        reasonsSince = reasonsSince.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(reasonsSince));
        restored = List.copyOf(restored);
        checks = List.copyOf(checks);
    }

    static ReportedKey of(KeyReport found) {
        Standing standing = found.standing()
                .orElseGet(() -> new Standing(
                        found.inspectedAt(), Optional.of(found.inspectedAt()).filter(at -> found.isDown()), Map.of()));
        return new ReportedKey(
                found.key().id(),
                found.key().displayName(),
                found.key().key(),
                found.labels(),
                found.status(),
                standing.since(),
                found.isDown(),
                standing.downSince(),
                found.destroysAt(),
                found.key().workspaces(),
                found.findings(),
                found.notes(),
                standing.reasons(),
                found.restored(),
                found.change(),
                found.checks(),
                found.inspectedAt());
    }

    /** Those that do not work because of the key. */
    @JsonIgnore
    public List<WorkspaceUse> workspacesDown() {
        return workspaces.stream()
                .filter(workspace -> down && !workspace.archived())
                .toList();
    }

    @JsonIgnore
    public Optional<Finding> worst() {
        return findings.stream().findFirst();
    }
}
