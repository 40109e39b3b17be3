package cmek.function;

import cmek.config.CmekConfig;
import cmek.finding.AnthropicFindings;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.RedeliveryException;
import cmek.finding.RequestFindings;
import cmek.finding.TransientException;
import cmek.model.SafeText;
import cmek.onboarding.Approval;
import cmek.onboarding.Onboarding;
import cmek.onboarding.OnboardingResults;
import cmek.onboarding.Outcome;
import cmek.onboarding.Step;
import cmek.onboarding.request.ParseResult;
import cmek.onboarding.request.RequestParser;
import cmek.onboarding.state.Approvals;
import cmek.onboarding.state.OnboardingJson;
import cmek.onboarding.state.TerminalResult;
import cmek.onboarding.state.TerminalResults;
import cmek.result.Result;
import cmek.result.Status;
import cmek.result.StepOutcome;
import cmek.result.StepReport;
import io.cloudevents.CloudEvent;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What happens at every entry point: open the envelope, let the step do its work, publish what it did, hand over to the next,
 * and only then return, which acknowledges the message. What a person must fix is published and acknowledged, for it
 * would be refused again; what may pass by itself is thrown, so that the platform delivers the message again.
 */
@Singleton
final class OnboardingHandler {

    private final ResultPublisher outbox;
    private final TerminalResults endings;
    private final Approvals approvals;
    private final RequestParser reader;
    private final Clock clock;
    private final Duration maxAge;
    private final String project;
    private final String approvalTopic;

    @Inject
    OnboardingHandler(
            ResultPublisher outbox,
            TerminalResults endings,
            Approvals approvals,
            RequestParser reader,
            Clock clock,
            CmekConfig config) {
        this.outbox = outbox;
        this.endings = endings;
        this.approvals = approvals;
        this.reader = reader;
        this.clock = clock;
        this.maxAge = config.timing().maxAge();
        this.project = config.google().project().orElse("");
        this.approvalTopic = config.topics().prefix() + "approvals";
    }

    /** Takes a request or sends it back. */
    void onboard(CloudEvent event) {
        PubSubMessage message = PubSubMessage.of(event);
        ParseResult reading = reader.read(message.data(), message.id());
        if (reading instanceof ParseResult.Rejected rejected) {
            end(
                    message.deduplicationKey(),
                    message.id(),
                    Result.nameless(
                            rejected.requestId(),
                            Step.ONBOARD.function(),
                            Status.REFUSED,
                            rejected.finding(),
                            clock.instant()));
        } else if (reading instanceof ParseResult.Accepted taken) {
            Onboarding onboarding = Onboarding.begin(
                    taken.request(),
                    message.id(),
                    message.deduplicationKey(),
                    message.publishedAt().orElseGet(clock::instant));
            run(Step.ONBOARD, onboarding, OnboardingHandler::accepted);
        }
    }

    /** Lets a step do its work. */
    void enter(Step step, CloudEvent event, Function<Onboarding, Outcome> verb) {
        PubSubMessage message = PubSubMessage.of(event);
        try {
            run(step, OnboardingJson.onboarding(message.data()), allowed(verb));
        } catch (IOException e) {
            outbox.publish(
                    Result.nameless(
                            requestId(message),
                            step.function(),
                            Status.REFUSED,
                            RequestFindings.unreadable("it is no event of the step before " + step.function()),
                            clock.instant()),
                    message.id());
        }
    }

    /**
     * Lets the last step do its work.
     *
     * @param verb for an event of the step before
     * @param approved for a message of somebody who agrees to what they were asked
     */
    void attach(
            CloudEvent event, Function<Onboarding, Outcome> verb, BiFunction<Onboarding, Approval, Outcome> approved) {
        PubSubMessage message = PubSubMessage.of(event);
        if (!message.isFromTopic(approvalTopic)) {
            enter(Step.ATTACH_WORKSPACE, event, verb);
            return;
        }
        Optional<Approvals.Asked> asked = approvals.asked(message.data());
        if (asked.isEmpty()) {
            Finding finding = AnthropicFindings.approvalNotAccepted(
                    "it is not {\"approve\":DIGEST} with a digest that was asked for");
            end(
                    message.deduplicationKey(),
                    message.id(),
                    Result.nameless(
                            message.id(), Step.ATTACH_WORKSPACE.function(), Status.REFUSED, finding, clock.instant()));
            return;
        }
        run(Step.ATTACH_WORKSPACE, resume(asked.get(), message), onboarding -> {
            approvals.use(asked.get(), onboarding.deduplicationKey(), clock.instant());
            return allowed(going -> approved.apply(going, asked.get().approval()))
                    .apply(onboarding);
        });
    }

    /** An event may be forged, and the operators may have thought better of it: what is not allowed now is not done. */
    private Function<Onboarding, Outcome> allowed(Function<Onboarding, Outcome> verb) {
        return onboarding -> reader.recheck(onboarding.request())
                .<Outcome>map(Outcome.Refused::new)
                .orElseGet(() -> verb.apply(onboarding));
    }

    private Onboarding resume(Approvals.Asked asked, PubSubMessage approving) {
        return asked.approval()
                .onboarding()
                .resume(
                        approving.id(),
                        approving.deduplicationKey(),
                        approving.publishedAt().orElseGet(clock::instant));
    }

    /** Ends a message that a step never could. */
    void giveUp(CloudEvent event) {
        PubSubMessage message = PubSubMessage.of(event);
        Step step = message.attribute("step").flatMap(Step::ofFunction).orElse(Step.ONBOARD);
        try {
            Onboarding onboarding = OnboardingJson.onboarding(message.data());
            Optional<String> cause = endings.lastCause(onboarding.deduplicationKey());
            end(
                    onboarding,
                    OnboardingResults.of(
                            onboarding,
                            step,
                            Status.FAILED,
                            RequestFindings.retriesExhausted(step.function(), cause),
                            clock.instant()));
        } catch (IOException e) {
            Optional<Approvals.Asked> asked = approvals.asked(message.data());
            if (asked.isPresent()) {
                Onboarding onboarding = resume(asked.get(), message);
                Finding gaveUp = RequestFindings.retriesExhausted(
                        Step.ATTACH_WORKSPACE.function(), endings.lastCause(onboarding.deduplicationKey()));
                end(
                        onboarding,
                        OnboardingResults.of(
                                onboarding, Step.ATTACH_WORKSPACE, Status.FAILED, gaveUp, clock.instant()));
                return;
            }
            String requestId = message.attribute("requestId")
                    .map(id -> requestId(message))
                    .orElseGet(() -> reader.read(message.data(), message.id()).requestId());
            Optional<String> cause = endings.lastCause(message.deduplicationKey());
            Finding finding = RequestFindings.retriesExhausted(step.function(), cause);
            end(
                    message.deduplicationKey(),
                    message.id(),
                    Result.nameless(requestId, step.function(), Status.FAILED, finding, clock.instant()));
        }
    }

    private void run(Step step, Onboarding onboarding, Function<Onboarding, Outcome> verb) {
        Instant begun = clock.instant();
        Runnable publication;
        try {
            publication = attempt(step, onboarding, verb, begun);
        } catch (PermanentException e) {
            publication = () -> publish(step, onboarding, new Outcome.Refused(e.finding()), begun);
        } catch (TransientException e) {
            endings.note(onboarding.deduplicationKey(), step.function() + ": " + e.reason() + ", " + e.getMessage());
            outbox.logRetry(step, onboarding, e);
            throw e;
        }
        publication.run();
    }

    /** Comes to what is to be published, and publishes nothing: that a topic is closed is no failure of the step. */
    private Runnable attempt(Step step, Onboarding onboarding, Function<Onboarding, Outcome> verb, Instant begun) {
        Optional<TerminalResult> ended = endings.of(onboarding.deduplicationKey());
        if (ended.isPresent()) {
            // Another delivery of the same request came to its end first; nothing is done after an end.
            return () -> publish(ended.get());
        }
        if (begun.isAfter(onboarding.acceptedAt().plus(maxAge))) {
            Optional<String> cause = endings.lastCause(onboarding.deduplicationKey());
            Finding finding = RequestFindings.expired(onboarding.acceptedAt(), maxAge, cause);
            return () -> end(onboarding, OnboardingResults.of(onboarding, step, Status.FAILED, finding, begun));
        }
        Outcome outcome = verb.apply(onboarding);
        return () -> publish(step, onboarding, outcome, begun);
    }

    private void publish(Step step, Onboarding before, Outcome outcome, Instant begun) {
        Instant now = clock.instant();
        String messageId = before.messageId();
        if (outcome instanceof Outcome.Refused refused) {
            end(before, OnboardingResults.of(before, step, Status.REFUSED, refused.finding(), now));
        } else if (outcome instanceof Outcome.Pending pending) {
            outbox.publish(
                    OnboardingResults.of(before, step, Status.PENDING, pending.message(), now)
                            .pending(pending.since(), pending.until()),
                    messageId);
            throw new RedeliveryException(step.function() + " waits until " + pending.until());
        } else if (outcome instanceof Outcome.AwaitingApproval awaiting) {
            Approvals.Asked asked = approvals.ask(awaiting.approval(), now);
            Approval approval = asked.approval();
            String message = "awaiting an approval until " + asked.until() + ": " + String.join("; ", approval.shown());
            end(
                    before,
                    OnboardingResults.of(approval.onboarding(), step, Status.AWAITING_APPROVAL, message, now)
                            .awaiting(approval.wanted(), approval.command(project, approvalTopic), asked.until()));
        } else if (outcome instanceof Outcome.Done done) {
            long millis = Duration.between(begun, now).toMillis();
            Onboarding after = done.onboarding().withStep(new StepReport(step.function(), done.outcome(), now, millis));
            Optional<Step> next = step.next(after.request().workspaceId().isPresent());
            Result result = OnboardingResults.of(after, step, status(step, after, next), done.message(), now);
            if (next.isPresent()) {
                outbox.publish(result, messageId);
                outbox.publishNextStep(after, next.get());
            } else {
                end(after, result);
            }
        }
    }

    private void end(Onboarding onboarding, Result result) {
        end(onboarding.deduplicationKey(), onboarding.messageId(), result);
    }

    /** Publishes the one end that an onboarding has, which is this one unless there is one already. */
    private void end(String deduplicationKey, String messageId, Result result) {
        publish(endings.end(deduplicationKey, new TerminalResult(messageId, result)));
    }

    private void publish(TerminalResult ending) {
        outbox.publish(ending.result(), ending.messageId());
    }

    private static Status status(Step step, Onboarding onboarding, Optional<Step> next) {
        if (step == Step.ONBOARD) {
            return Status.ACCEPTED;
        }
        return next.isPresent() ? Status.PROGRESS : Status.endOf(onboarding.request());
    }

    private static Outcome accepted(Onboarding onboarding) {
        return new Outcome.Done(
                onboarding, StepOutcome.ACCEPTED, onboarding.request().mode().word() + " " + onboarding.key());
    }

    /** The id that an event's attributes name, made safe: whoever forged an event may have written anything. */
    private static String requestId(PubSubMessage message) {
        return message.attribute("requestId")
                .map(id -> SafeText.sanitize(id, 128))
                .filter(id -> id.chars().allMatch(character -> character > ' ' && character < 127))
                .filter(id -> !id.isEmpty())
                .orElse(message.id());
    }
}
