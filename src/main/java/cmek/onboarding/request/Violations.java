package cmek.onboarding.request;

import cmek.finding.Finding;
import cmek.finding.Reason;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The faults of one request, gathered so that a team fixes them all at once and not one by one. */
final class Violations {

    /** The reason a result bears when there are several: what is most dangerous comes first. */
    private static final List<Reason> WORST_FIRST = List.of(
            Reason.PRINCIPAL_NOT_ACCEPTED,
            Reason.INVALID_REQUEST,
            Reason.LOCATION_NOT_SUPPORTED,
            Reason.PROJECT_NOT_ALLOWED,
            Reason.WORKSPACE_NOT_ALLOWED,
            Reason.PROTECTION_LEVEL_NOT_ALLOWED,
            Reason.PERMANENCE_NOT_ACKNOWLEDGED);

    /** An object with a thousand unknown fields must not make a message with a thousand sentences. */
    private static final int NAMED_AT_MOST = 20;

    private final Set<Reason> reasons = new LinkedHashSet<>();
    private final List<String> messages = new ArrayList<>();
    private final Set<String> remedies = new LinkedHashSet<>();

    void add(Reason reason, String message, String remedy) {
        add(new Finding(reason, message, List.of(remedy)));
    }

    void add(Finding fault) {
        reasons.add(fault.reason());
        messages.add(fault.message());
        if (messages.size() <= NAMED_AT_MOST) {
            remedies.addAll(fault.remedy());
        }
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    Finding toFinding() {
        Reason worst =
                WORST_FIRST.stream().filter(reasons::contains).findFirst().orElse(Reason.INVALID_REQUEST);
        List<String> named = messages.subList(0, Math.min(NAMED_AT_MOST, messages.size()));
        String message = String.join("; ", named);
        if (messages.size() > NAMED_AT_MOST) {
            message += "; and " + (messages.size() - NAMED_AT_MOST) + " more";
        }
        return new Finding(worst, message, List.copyOf(remedies));
    }
}
