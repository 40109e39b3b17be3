package cmek.result;

import cmek.finding.Actor;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.model.ExternalKeyId;
import cmek.model.SafeText;
import cmek.model.WorkspaceId;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One published fact, of an onboarding or of a scan: the message on the results topic, field by field. Its contract is
 * {@code deployment/schemas/result.schema.json}. It is made by a {@link Builder}.
 *
 * @param requestId of a scan the run's id
 * @param step the function that speaks
 * @param reason only where something is wrong
 * @param remedy commands that fix it, ready to be pasted
 * @param actor who must act, only where something is wrong
 * @param documentation the section on the reason: a path in the repository, or a URL
 * @param findings only of a scan: all that is wrong, worst first; {@code reason}, {@code message} and {@code remedy} are
 *     the worst one's
 * @param run only where a scan itself is spoken of
 * @param since only of {@link Status#PENDING}: when the change that has not spread yet was made; and of {@link
 *     Status#RETRYING}: when the step failed first
 * @param until only of these two and {@link Status#AWAITING_APPROVAL}: when waiting ends
 * @param supersedes only of an end that takes the place of {@link Status#FAILED}: the {@code ce-id} of that result
 * @param messageId of the Pub/Sub message that asked for it: the request, or the approval by which it goes on
 * @param publishedAt when that message was published; of a replay, when it was published again
 * @param approvalDigest of the approval by which it goes on
 * @param checked only of a checked key: what an alert says of it
 * @param occurredAt when the step came to this result
 */
@RegisterForReflection
public record Result(
        String requestId,
        Status status,
        String step,
        Optional<Reason> reason,
        String message,
        List<String> remedy,
        Optional<Actor> actor,
        Optional<String> documentation,
        Optional<String> key,
        Optional<ExternalKeyId> externalKeyId,
        Optional<WorkspaceId> workspaceId,
        Optional<String> mode,
        List<Finding> warnings,
        List<StepReport> steps,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<List<Finding>> findings,

        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ScanRun> run,

        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Instant> since,

        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Instant> until,

        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ApprovalWanted> approval,

        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> supersedes,

        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> messageId,

        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Instant> publishedAt,

        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> approvalDigest,

        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<CheckedKey> checked,

        Instant occurredAt) {

    /** An entry of a log holds a quarter of a megabyte, and each finding may have a page of remedy. */
    private static final int LOGGED_AT_MOST = 20;

    /** A result is read on a terminal, whoever wrote the words that it passes on. */
    public Result {
        message = SafeText.sanitize(message, Finding.SHOWN);
        remedy = List.copyOf(remedy);
        warnings = List.copyOf(warnings);
        steps = List.copyOf(steps);
        findings = findings.map(List::copyOf);
    }

    /** A result with nothing but what each one has. */
    public static Builder builder(String requestId, Status status, String step, String message, Instant at) {
        return new Builder(requestId, status, step, message, at);
    }

    /** The end of a message that never became an onboarding, or no longer shows which it was. */
    public static Result nameless(String requestId, String step, Status status, Finding finding, Instant at) {
        return builder(requestId, status, step, finding.message(), at)
                .because(finding)
                .build();
    }

    /** The same result, waiting. */
    public Result pending(Instant from, Instant to) {
        return toBuilder().since(from).until(to).build();
    }

    /**
     * The same result, asking another person to approve.
     *
     * @param command that does
     * @param to when it is too late
     */
    public Result awaiting(ApprovalWanted wanted, String command, Instant to) {
        return toBuilder().remedy(List.of(command)).until(to).approval(wanted).build();
    }

    /** The same result, in the place of another one that said {@link Status#FAILED}. */
    public Result superseding(String id) {
        return toBuilder().supersedes(id).build();
    }

    /** Whether a function of the scan speaks, and not one of the chain. */
    @JsonIgnore
    public boolean isOfScan() {
        return findings.isPresent();
    }

    /** The same for an entry of a log: of a scan without rows and ids, and with few findings. */
    public Result logged() {
        if (!isOfScan()) {
            return this;
        }
        Builder logged = toBuilder().warnings(first(warnings));
        findings.ifPresent(all -> logged.findings(first(all)));
        run.ifPresent(all -> logged.run(all.inFigures()));
        return logged.build();
    }

    private static List<Finding> first(List<Finding> findings) {
        return findings.subList(0, Math.min(findings.size(), LOGGED_AT_MOST));
    }

    /** The same result, with its documentation where people find it. */
    public Result documentedAt(UnaryOperator<String> location) {
        Builder located = toBuilder();
        located.documentation = documentation.map(location);
        return located.build();
    }

    private Builder toBuilder() {
        Builder builder = builder(requestId, status, step, message, occurredAt);
        builder.reason = reason;
        builder.remedy = remedy;
        builder.actor = actor;
        builder.documentation = documentation;
        builder.key = key;
        builder.externalKeyId = externalKeyId;
        builder.workspaceId = workspaceId;
        builder.mode = mode;
        builder.warnings = warnings;
        builder.steps = steps;
        builder.findings = findings;
        builder.run = run;
        builder.since = since;
        builder.until = until;
        builder.approval = approval;
        builder.supersedes = supersedes;
        builder.messageId = messageId;
        builder.publishedAt = publishedAt;
        builder.approvalDigest = approvalDigest;
        builder.checked = checked;
        return builder;
    }

    /** Makes a result; what is not set is empty. */
    public static final class Builder {

        private final String requestId;
        private final Status status;
        private final String step;
        private final String message;
        private final Instant occurredAt;
        private Optional<Reason> reason = Optional.empty();
        private List<String> remedy = List.of();
        private Optional<Actor> actor = Optional.empty();
        private Optional<String> documentation = Optional.empty();
        private Optional<String> key = Optional.empty();
        private Optional<ExternalKeyId> externalKeyId = Optional.empty();
        private Optional<WorkspaceId> workspaceId = Optional.empty();
        private Optional<String> mode = Optional.empty();
        private List<Finding> warnings = List.of();
        private List<StepReport> steps = List.of();
        private Optional<List<Finding>> findings = Optional.empty();
        private Optional<ScanRun> run = Optional.empty();
        private Optional<Instant> since = Optional.empty();
        private Optional<Instant> until = Optional.empty();
        private Optional<ApprovalWanted> approval = Optional.empty();
        private Optional<String> supersedes = Optional.empty();
        private Optional<String> messageId = Optional.empty();
        private Optional<Instant> publishedAt = Optional.empty();
        private Optional<String> approvalDigest = Optional.empty();
        private Optional<CheckedKey> checked = Optional.empty();

        private Builder(String requestId, Status status, String step, String message, Instant occurredAt) {
            this.requestId = requestId;
            this.status = status;
            this.step = step;
            this.message = message;
            this.occurredAt = occurredAt;
        }

        /** Takes reason, actor, remedy and documentation from a finding. */
        public Builder because(Finding finding) {
            reason = Optional.of(finding.reason());
            actor = Optional.of(finding.actor());
            documentation = Optional.of(finding.reason().documentation());
            return remedy(finding.remedy());
        }

        public Builder remedy(List<String> commands) {
            remedy = List.copyOf(commands);
            return this;
        }

        /** The key's full resource name. */
        public Builder key(String name) {
            key = Optional.of(name);
            return this;
        }

        public Builder externalKeyId(Optional<ExternalKeyId> id) {
            externalKeyId = id;
            return this;
        }

        public Builder workspaceId(Optional<WorkspaceId> id) {
            workspaceId = id;
            return this;
        }

        public Builder mode(String word) {
            mode = Optional.of(word);
            return this;
        }

        public Builder warnings(List<Finding> all) {
            warnings = List.copyOf(all);
            return this;
        }

        public Builder steps(List<StepReport> done) {
            steps = List.copyOf(done);
            return this;
        }

        public Builder findings(List<Finding> worstFirst) {
            findings = Optional.of(List.copyOf(worstFirst));
            return this;
        }

        public Builder run(ScanRun figures) {
            run = Optional.of(figures);
            return this;
        }

        public Builder since(Instant from) {
            since = Optional.of(from);
            return this;
        }

        public Builder until(Instant to) {
            until = Optional.of(to);
            return this;
        }

        public Builder approval(ApprovalWanted wanted) {
            approval = Optional.of(wanted);
            return this;
        }

        public Builder supersedes(String id) {
            supersedes = Optional.of(id);
            return this;
        }

        /** The message that asked for it. */
        public Builder askedBy(String id, Instant at, Optional<String> approval) {
            messageId = Optional.of(id);
            publishedAt = Optional.of(at);
            approvalDigest = approval;
            return this;
        }

        public Builder checked(CheckedKey key) {
            checked = Optional.of(key);
            return this;
        }

        public Result build() {
            return new Result(
                    requestId,
                    status,
                    step,
                    reason,
                    message,
                    remedy,
                    actor,
                    documentation,
                    key,
                    externalKeyId,
                    workspaceId,
                    mode,
                    warnings,
                    steps,
                    findings,
                    run,
                    since,
                    until,
                    approval,
                    supersedes,
                    messageId,
                    publishedAt,
                    approvalDigest,
                    checked,
                    occurredAt);
        }
    }
}
