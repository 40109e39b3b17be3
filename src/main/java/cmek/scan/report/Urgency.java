package cmek.scan.report;

import cmek.check.KeyDiagnosis;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.scan.ReportedKey;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** In which part of the page a finding is shown, the most urgent first. */
@RegisterForReflection
public enum Urgency {
    DOWN("Keys that are down", "Anthropic cannot use these keys, so the workspaces do not work."),
    LOST("Some data cannot be read", "The workspaces work, but what was encrypted under some versions cannot be read."),
    WILL_BREAK("Will break", "Nothing is down because of this yet."),
    EXPOSED("Somebody else can decrypt", "Principals that should not be able to decrypt with these keys can."),
    UNKNOWN("Could not be checked", "Nobody knows whether these keys work."),
    UNTIDY("Should be tidied", "Nothing is down because of this."),
    REVOKED("Switched off on purpose", "A label says that these keys were revoked. This is not an alarm.");

    private static final Set<Reason> STOPPING = Set.of(Reason.VALIDATION_FAILED, Reason.DENY_POLICY);
    private static final Set<Reason> ENDING =
            Set.of(Reason.KEY_VERSION_DESTROY_SCHEDULED, Reason.PROJECT_DELETE_REQUESTED);
    private static final Set<Reason> LOSING = Set.of(
            Reason.KEY_DELETED, Reason.KEY_VERSION_DESTROYED, Reason.OLD_VERSION_LOST, Reason.OLD_VERSION_UNUSABLE);

    private final String title;
    private final String meaning;

    Urgency(String title, String meaning) {
        this.title = title;
        this.meaning = meaning;
    }

    /** For links and for the style sheet. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String title() {
        return title;
    }

    public String meaning() {
        return meaning;
    }

    /** What a finding of a key means; what has stopped the key and will take it away is both. */
    static List<Urgency> of(ReportedKey key, Finding finding) {
        Reason reason = finding.reason();
        boolean stops = KeyDiagnosis.explains(finding) || STOPPING.contains(reason);
        if (key.down() && stops) {
            return ENDING.contains(reason) ? List.of(DOWN, WILL_BREAK) : List.of(DOWN);
        }
        return List.of(alone(reason, stops));
    }

    private static Urgency alone(Reason reason, boolean stops) {
        if (LOSING.contains(reason)) {
            return LOST;
        }
        if (ENDING.contains(reason)) {
            return WILL_BREAK;
        }
        return switch (reason) {
            case UNEXPECTED_PRINCIPAL -> EXPOSED;
            case NOT_REACHED, BUSY -> UNKNOWN;
            case REVOKED_ON_PURPOSE -> REVOKED;
            default -> stops ? WILL_BREAK : UNTIDY;
        };
    }
}
