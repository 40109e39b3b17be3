package cmek.check;

import cmek.client.kms.KeyVersionInfo;
import cmek.finding.Finding;
import cmek.finding.KeyFindings;
import cmek.finding.KeyFindings.LostVersion;
import cmek.finding.Severity;
import cmek.model.EventTime;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Whether every version that Anthropic's data may be encrypted under still exists. A version that is deleted leaves the list
 * and its number is never used again; one that is destroyed stays, and may be imported again.
 */
@Singleton
public final class LostVersionsCheck implements ScanCheck {

    /** A message names this many. */
    private static final int SHOWN_AT_MOST = 50;

    @Override
    public int rank() {
        return 100;
    }

    @Override
    public String what() {
        return "lostVersions";
    }

    @Override
    public String good() {
        return "no version lost";
    }

    @Override
    public boolean alsoWhenRevoked() {
        return true;
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return () -> {
            KeyUse use = subject.use();
            if (!use.registered() || subject.info().isEmpty()) {
                return CheckResult.CLEAR;
            }
            long primary = subject.info()
                    .flatMap(info -> info.primary())
                    .map(KeyVersionInfo::number)
                    .orElse(0L);
            List<KeyVersionInfo> versions = subject.versions();
            List<LostVersion> certain = new ArrayList<>();
            List<LostVersion> unlikely = new ArrayList<>();
            deleted(versions, use, certain, unlikely);
            versions.stream()
                    .filter(version -> isLost(version, primary, use))
                    .map(LostVersionsCheck::destroyed)
                    .forEach(certain::add);
            List<Finding> findings = new ArrayList<>();
            if (!certain.isEmpty()) {
                Finding lost = KeyFindings.oldVersionLost(subject.key(), certain, told(use));
                findings.add(use.attached() ? lost : lost.as(Severity.NOTICE));
            }
            if (!unlikely.isEmpty()) {
                findings.add(KeyFindings.oldVersionLost(
                                subject.key(),
                                unlikely,
                                "a later version existed before the key was registered at Anthropic, so nothing of"
                                        + " Anthropic's should have been encrypted under "
                                        + (unlikely.size() == 1 ? "it" : "them"))
                        .as(Severity.NOTICE));
            }
            return CheckResult.warn(findings);
        };
    }

    private static String told(KeyUse use) {
        return use.attached()
                ? "data that was encrypted while such a version was primary cannot be read: " + use.lost("may be lost")
                : "no workspace refers to the key, so no data of a workspace is lost";
    }

    /** Numbers that are missing from the list, and those after it that an earlier check saw. */
    private static void deleted(
            List<KeyVersionInfo> versions, KeyUse use, List<LostVersion> certain, List<LostVersion> unlikely) {
        Set<Long> listed = new HashSet<>();
        versions.forEach(version -> listed.add(version.number()));
        long highest = versions.stream().mapToLong(KeyVersionInfo::number).max().orElse(0);
        long expected =
                Math.max(highest, use.seen().map(KeyUse.Seen::highestVersion).orElse(0L));
        for (long number = 1; number <= expected && certain.size() + unlikely.size() < SHOWN_AT_MOST; number++) {
            if (listed.contains(number)) {
                continue;
            }
            LostVersion gone =
                    new LostVersion(number, "was deleted (or was an import that failed and was deleted)", false);
            long missing = number;
            boolean laterIsOlderThanUse = versions.stream()
                    .filter(version -> version.number() > missing)
                    .anyMatch(version ->
                            version.createTime().filter(use::isBefore).isPresent());
            (laterIsOlderThanUse ? unlikely : certain).add(gone);
        }
    }

    /** A primary version that is destroyed is told as such. */
    private static boolean isLost(KeyVersionInfo version, long primary, KeyUse use) {
        boolean isDestroyedPrimary =
                version.number() == primary && version.state().equals("DESTROYED");
        boolean wasUsed = version.state().equals("DESTROYED")
                || version.destroyEventTime().isPresent()
                || version.importTime().isPresent()
                || version.reimportEligible();
        return !isDestroyedPrimary
                && KeyInspection.WITHOUT_MATERIAL.contains(version.state())
                && wasUsed
                && version.destroyEventTime().filter(use::isBefore).isEmpty();
    }

    private static LostVersion destroyed(KeyVersionInfo version) {
        Optional<Instant> at = version.destroyEventTime();
        String what = "was destroyed"
                + at.map(time -> " at " + EventTime.written(time)).orElse("");
        return new LostVersion(
                version.number(),
                switch (version.state()) {
                    case "IMPORT_FAILED" -> what + ", and importing it again failed";
                    case "PENDING_IMPORT" -> what + ", and is still being imported again";
                    default -> what;
                },
                version.reimportEligible() && !version.state().equals("PENDING_IMPORT"));
    }
}
