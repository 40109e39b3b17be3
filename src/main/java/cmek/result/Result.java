package cmek.result;

import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.model.ExternalKeyId;
import cmek.model.SafeText;
import cmek.model.WorkspaceId;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One published fact: the message on the results topic, field by field. Its contract is
 * {@code deployment/schemas/result.schema.json}.
 *
 * @param step the function that speaks
 * @param reason only where something is wrong
 * @param remedy commands that fix it, ready to be pasted
 * @param documentation the README's section on the reason
 * @param since only of {@link Status#PENDING}: when the change that has not spread yet was made
 * @param until only of {@link Status#PENDING}: when waiting for it ends
 * @param occurredAt when the step came to this result
 */
public record Result(
        String requestId,
        Status status,
        String step,
        Optional<Reason> reason,
        String message,
        List<String> remedy,
        Optional<String> documentation,
        Optional<String> key,
        Optional<ExternalKeyId> externalKeyId,
        Optional<WorkspaceId> workspaceId,
        Optional<String> mode,
        List<Finding> warnings,
        List<StepReport> steps,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Instant> since,

        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Instant> until,

        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ApprovalWanted> approval,

        Instant occurredAt) {

    /** A result is read on a terminal, whoever wrote the words that it passes on. */
    public Result {
        message = SafeText.sanitize(message, Finding.SHOWN);
        remedy = List.copyOf(remedy);
        warnings = List.copyOf(warnings);
        steps = List.copyOf(steps);
    }

    /** The end of a message that never became an onboarding, or no longer shows which it was. */
    public static Result nameless(String requestId, String step, Status status, Finding finding, Instant at) {
        return new Result(
                requestId,
                status,
                step,
                Optional.of(finding.reason()),
                finding.message(),
                finding.remedy(),
                Optional.of(finding.reason().documentation()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                at);
    }

    /** The same result, waiting. */
    public Result pending(Instant from, Instant to) {
        return new Result(
                requestId,
                status,
                step,
                reason,
                message,
                remedy,
                documentation,
                key,
                externalKeyId,
                workspaceId,
                mode,
                warnings,
                steps,
                Optional.of(from),
                Optional.of(to),
                approval,
                occurredAt);
    }

    /**
     * The same result, asking somebody else to agree.
     *
     * @param command that does
     * @param to when it is too late
     */
    public Result awaiting(ApprovalWanted wanted, String command, Instant to) {
        return new Result(
                requestId,
                status,
                step,
                reason,
                message,
                List.of(command),
                documentation,
                key,
                externalKeyId,
                workspaceId,
                mode,
                warnings,
                steps,
                since,
                Optional.of(to),
                Optional.of(wanted),
                occurredAt);
    }
}
