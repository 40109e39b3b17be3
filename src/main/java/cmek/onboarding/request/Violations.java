package cmek.onboarding.request;

import cmek.finding.Finding;
import cmek.finding.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

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

    private final List<ParseResult.Violation> all = new ArrayList<>();

    void add(String field, Reason reason, String message, String remedy) {
        add(field, new Finding(reason, message, List.of(remedy)));
    }

    void add(String field, Finding fault) {
        all.add(new ParseResult.Violation(field, fault));
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    ParseResult.Rejected rejected(String requestId) {
        return new ParseResult.Rejected(requestId, toFinding(), all);
    }

    private Finding toFinding() {
        List<Finding> findings =
                all.stream().map(ParseResult.Violation::finding).toList();
        Reason worst = WORST_FIRST.stream()
                .filter(reason -> findings.stream().anyMatch(finding -> finding.reason() == reason))
                .findFirst()
                .orElse(Reason.INVALID_REQUEST);
        List<Finding> named = findings.subList(0, Math.min(NAMED_AT_MOST, findings.size()));
        String message = named.stream().map(Finding::message).collect(Collectors.joining("; "));
        if (findings.size() > NAMED_AT_MOST) {
            message += "; and " + (findings.size() - NAMED_AT_MOST) + " more";
        }
        return new Finding(
                worst,
                message,
                named.stream()
                        .flatMap(finding -> finding.remedy().stream())
                        .distinct()
                        .toList());
    }
}
