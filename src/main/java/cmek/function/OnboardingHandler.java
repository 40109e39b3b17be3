package cmek.function;

import cmek.client.http.SideBySide;
import cmek.config.CmekConfig;
import cmek.finding.AnthropicFindings;
import cmek.finding.Finding;
import cmek.finding.PermanentException;
import cmek.finding.RedeliveryException;
import cmek.finding.RequestFindings;
import cmek.finding.TransientException;
import cmek.model.EventTime;
import cmek.model.Json;
import cmek.model.SafeText;
import cmek.onboarding.Approval;
import cmek.onboarding.Onboarding;
import cmek.onboarding.OnboardingEvent;
import cmek.onboarding.OnboardingResults;
import cmek.onboarding.Outcome;
import cmek.onboarding.Step;
import cmek.onboarding.request.ParseResult;
import cmek.onboarding.request.RequestParser;
import cmek.onboarding.state.Approvals;
import cmek.onboarding.state.NewestResults.Before;
import cmek.onboarding.state.TerminalResult;
import cmek.onboarding.state.TerminalResults;
import cmek.onboarding.state.Warnings;
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
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Everything that functions of the chain do around the work of a step. */
@Singleton
final class OnboardingHandler {

    /** How long a dead letter waits for Anthropic to say whether the key is attached. */
    static final Duration LOOKED_UP_FOR = Duration.ofMinutes(15);

    private final MessageHandler messages;
    private final ResultPublisher publisher;
    private final TerminalResults terminalResults;
    private final Approvals approvals;
    private final Warnings warnings;
    private final RequestParser parser;
    private final SideBySide calls;
    private final Clock clock;
    private final Duration maxAge;
    private final String project;
    private final String approvalTopic;

    @Inject
    OnboardingHandler(
            MessageHandler messages,
            ResultPublisher publisher,
            TerminalResults terminalResults,
            Approvals approvals,
            Warnings warnings,
            RequestParser parser,
            SideBySide calls,
            Clock clock,
            CmekConfig config) {
        this.messages = messages;
        this.publisher = publisher;
        this.terminalResults = terminalResults;
        this.approvals = approvals;
        this.warnings = warnings;
        this.parser = parser;
        this.calls = calls;
        this.clock = clock;
        this.maxAge = config.timing().maxAge();
        this.project = config.google().project().orElse("");
        this.approvalTopic = config.topics().prefix() + "approvals";
    }

    // --- what comes in -------------------------------------------------------------------------------------------

    /** Accepts a request or refuses it. */
    void handleRequest(CloudEvent event) {
        handle(Step.ONBOARD, event, delivery -> {
            PubSubMessage message = delivery.message();
            ParseResult parsed = parser.parse(message.data(), message.id());
            if (parsed instanceof ParseResult.Accepted accepted) {
                Onboarding onboarding = Onboarding.begin(
                                accepted.request(), message.id(), message.deduplicationKey(), publishedAt(message))
                        .replayed(message.replay(), publishedAt(message));
                return run(Step.ONBOARD, onboarding, OnboardingHandler::accepted, lookUpEnd(onboarding), delivery);
            }
            ParseResult.Rejected rejected = (ParseResult.Rejected) parsed;
            delivery.concerns(
                    unknown(Step.ONBOARD, message, rejected.requestId()).told());
            throw new PermanentException(rejected.finding());
        });
    }

    /** Lets a step do its work. */
    void handleStep(Step step, CloudEvent event, Function<Onboarding, Outcome> work) {
        handle(step, event, delivery -> handleStep(step, work, delivery));
    }

    /**
     * Lets the last step do its work, or takes the message of somebody who agrees to what they were asked. That, like a dead
     * letter that is replayed, may come days later: it goes back to the checks, and comes here again as an event.
     */
    void handleAttachOrApproval(CloudEvent event, Function<Onboarding, Outcome> work) {
        handle(Step.ATTACH_WORKSPACE, event, delivery -> {
            PubSubMessage message = delivery.message();
            if (!message.isFromTopic(approvalTopic)) {
                return handleStep(
                        Step.ATTACH_WORKSPACE, message.replay() > 0 ? OnboardingHandler::replayed : work, delivery);
            }
            Approvals.Asked asked = approvals
                    .asked(message.data())
                    .orElseThrow(() -> new PermanentException(AnthropicFindings.approvalNotAccepted(
                            "it is not {\"approve\":DIGEST} with a digest that was asked for")));
            Onboarding resumed = resume(asked, message);
            return run(
                    Step.ATTACH_WORKSPACE,
                    resumed,
                    onboarding -> new Outcome.ToWrite(() -> {
                        approvals.use(asked, onboarding.deduplicationKey(), clock.instant());
                        return recheckPolicy(OnboardingHandler::approved).apply(onboarding);
                    }),
                    lookUpEnd(resumed),
                    delivery);
        });
    }

    /**
     * Ends a message that a step failed on after all retries, with what is true: its last delivery may have ended the
     * onboarding, or may have attached the key without anybody having heard of it.
     *
     * @param attached the answer where the key is attached
     */
    void handleDeadLetter(CloudEvent event, Function<Onboarding, Optional<Outcome>> attached) {
        PubSubMessage letter = PubSubMessage.of(event);
        Step step = Step.of(letter::isDeadLetterOf)
                .or(() -> letter.attribute("step").flatMap(Step::ofFunction))
                .orElse(Step.ONBOARD);
        handle(step, event, delivery -> {
            PubSubMessage message = delivery.message();
            Subject subject = deadLetterOf(step, message);
            // That the end is looked for once more is not news of the onboarding.
            delivery.concerns(new MessageHandler.Subject(
                    subject.told().end(),
                    cause -> subject.onboarding()
                            .ifPresent(onboarding -> publisher.logRetry(subject.step(), onboarding, cause))));
            Optional<TerminalResult> ended = ended(subject);
            if (ended.isPresent()) {
                return () -> publish(ended.get());
            }
            Optional<String> cause = terminalResults.lastCause(subject.deduplicationKey());
            Finding finding = RequestFindings.retriesExhausted(subject.step().function(), cause);
            Optional<Onboarding> attaching =
                    subject.onboarding().filter(any -> subject.step() == Step.ATTACH_WORKSPACE);
            Instant begun = clock.instant();
            try {
                Optional<Outcome> found = attaching.flatMap(attached);
                if (found.isPresent()) {
                    return () -> publish(
                            subject.step(), attaching.get(), found.get(), begun, clock.instant(), Optional.empty());
                }
            } catch (TransientException e) {
                if (begun.isBefore(publishedAt(message).plus(LOOKED_UP_FOR))) {
                    throw e;
                }
                finding = RequestFindings.perhapsAttached(finding);
            } catch (PermanentException e) {
                finding = RequestFindings.perhapsAttached(finding);
            }
            Finding said = finding;
            return () -> subject.told().end().accept(Status.FAILED, said);
        });
    }

    private Optional<TerminalResult> ended(Subject subject) {
        try {
            return terminalResults.of(subject.deduplicationKey(), subject.replay());
        } catch (PermanentException e) {
            return Optional.empty();
        }
    }

    /** Whatever can be known of it; that the bucket or the event cannot be read keeps no message from its end. */
    private Subject deadLetterOf(Step step, PubSubMessage message) {
        try {
            return known(step, onboarding(Json.read(message.data(), OnboardingEvent.class), message));
        } catch (IOException e) {
            return approvalOf(message)
                    .map(asked -> known(Step.ATTACH_WORKSPACE, resume(asked, message)))
                    .orElseGet(() -> unknown(
                            step,
                            message,
                            message.attribute("requestId").isPresent() ? requestId(message) : requestIdIn(message)));
        }
    }

    /** The last function that sees a message must not fail over what is in it, whatever another failed over. */
    private String requestIdIn(PubSubMessage message) {
        try {
            return parser.parse(message.data(), message.id()).requestId();
        } catch (RuntimeException e) {
            return message.id();
        }
    }

    private Optional<Approvals.Asked> approvalOf(PubSubMessage message) {
        try {
            return approvals.asked(message.data());
        } catch (PermanentException e) {
            return Optional.empty();
        }
    }

    // --- what is done --------------------------------------------------------------------------------------------

    private void handle(Step step, CloudEvent event, MessageHandler.Verb verb) {
        messages.handle(
                step.function(),
                event,
                message -> unknown(step, message, requestId(message)).told(),
                verb);
    }

    private Runnable handleStep(Step step, Function<Onboarding, Outcome> work, MessageHandler.Delivery delivery) {
        PubSubMessage message = delivery.message();
        OnboardingEvent event;
        try {
            event = Json.read(message.data(), OnboardingEvent.class);
        } catch (IOException e) {
            throw new PermanentException(
                    RequestFindings.unreadableEvent(step.function(), String.valueOf(e.getMessage())));
        }
        Onboarding withoutWarnings = event.onboarding(List.of()).replayed(message.replay(), publishedAt(message));
        Supplier<Optional<TerminalResult>> end = lookUpEnd(withoutWarnings);
        return run(step, onboarding(event, message), recheckPolicy(work), end, delivery);
    }

    private Onboarding onboarding(OnboardingEvent event, PubSubMessage message) {
        return warnings.onboarding(event).replayed(message.replay(), publishedAt(message));
    }

    /** Begins to look up how an onboarding ended, if it did. */
    private Supplier<Optional<TerminalResult>> lookUpEnd(Onboarding onboarding) {
        return calls.begin(() -> terminalResults.of(onboarding.deduplicationKey(), onboarding.replay()));
    }

    /** An event may be forged, and the operators may have thought better of it: what is not allowed now is not done. */
    private Function<Onboarding, Outcome> recheckPolicy(Function<Onboarding, Outcome> work) {
        return onboarding -> parser.recheck(onboarding.request())
                .<Outcome>map(Outcome.Refused::new)
                .orElseGet(() -> work.apply(onboarding));
    }

    private Onboarding resume(Approvals.Asked asked, PubSubMessage approving) {
        return asked.approval()
                .onboarding()
                .resume(asked.approval().digest(), approving.id(), approving.deduplicationKey(), publishedAt(approving))
                .replayed(approving.replay(), publishedAt(approving));
    }

    private Instant publishedAt(PubSubMessage message) {
        return message.publishedAt().orElseGet(clock::instant);
    }

    /** A step reads while it is looked up whether another delivery came to an end first; after an end nothing is written. */
    private Runnable run(
            Step step,
            Onboarding onboarding,
            Function<Onboarding, Outcome> work,
            Supplier<Optional<TerminalResult>> end,
            MessageHandler.Delivery delivery) {
        Subject subject = known(step, onboarding);
        delivery.concerns(subject.told());
        Instant begun = clock.instant();
        boolean expired = begun.isAfter(onboarding.acceptedAt().plus(maxAge));
        Supplier<Optional<Before>> newest = calls.begin(() -> publisher.lookUp(onboarding));
        Supplier<Optional<Outcome>> found =
                SideBySide.settle(() -> expired ? Optional.empty() : Optional.of(work.apply(onboarding)));
        Optional<TerminalResult> ended = end.get();
        if (ended.isPresent()) {
            return () -> publish(ended.get());
        }
        if (found.get().isEmpty()) {
            Optional<String> cause = terminalResults.lastCause(onboarding.deduplicationKey());
            return () -> subject.told()
                    .end()
                    .accept(Status.FAILED, RequestFindings.expired(onboarding.acceptedAt(), maxAge, cause));
        }
        Outcome outcome = found.get().get().written();
        Instant done = clock.instant();
        if (outcome instanceof Outcome.AwaitingApproval awaiting) {
            Approvals.Asked asked = approvals.ask(awaiting.approval(), done);
            return () -> end(onboarding, awaiting(step, asked, done));
        }
        Optional<Before> before = newest.get();
        return () -> publish(step, onboarding, outcome, begun, done, before);
    }

    // --- what comes out ------------------------------------------------------------------------------------------

    private void publish(
            Step step, Onboarding before, Outcome outcome, Instant begun, Instant now, Optional<Before> newest) {
        if (outcome instanceof Outcome.Refused refused) {
            end(before, OnboardingResults.of(before, step, Status.REFUSED, refused.finding(), now));
        } else if (outcome instanceof Outcome.Pending pending) {
            publisher.publish(
                    OnboardingResults.of(before, step, Status.PENDING, pending.message(), now)
                            .pending(pending.since(), pending.until()),
                    before,
                    newest);
            throw new RedeliveryException(step.function() + " waits until " + pending.until());
        } else if (outcome instanceof Outcome.CheckAgain again) {
            Onboarding after = reported(again.onboarding(), step, again.why(), begun, now);
            publish(
                    OnboardingResults.of(after, step, Status.PROGRESS, again.message(), now),
                    before,
                    after,
                    Step.CHECK_PREREQUISITES,
                    newest);
        } else if (outcome instanceof Outcome.Done done) {
            Onboarding after = reported(done.onboarding(), step, done.outcome(), begun, now);
            Optional<Step> next = after.approval().isPresent()
                    ? step.nextWhenApproved()
                    : step.next(after.request().workspaceId().isPresent());
            Result result = OnboardingResults.of(after, step, status(step, after, next), done.message(), now);
            if (next.isPresent()) {
                publish(result, before, after, next.get(), newest);
            } else {
                end(after, result, newest);
            }
        }
    }

    private static Onboarding reported(
            Onboarding onboarding, Step step, StepOutcome outcome, Instant begun, Instant now) {
        long millis = Duration.between(begun, now).toMillis();
        return onboarding.withStep(new StepReport(step.function(), outcome, now, millis));
    }

    private Result awaiting(Step step, Approvals.Asked asked, Instant now) {
        Approval approval = asked.approval();
        String message = "awaiting an approval until " + EventTime.written(asked.until()) + ": "
                + String.join("; ", approval.shown());
        return OnboardingResults.of(approval.onboarding(), step, Status.AWAITING_APPROVAL, message, now)
                .awaiting(approval.wanted(), approval.command(project, approvalTopic), asked.until());
    }

    private void end(Onboarding onboarding, Result result) {
        end(onboarding, result, Optional.empty());
    }

    private void end(Onboarding onboarding, Result result, Optional<Before> newest) {
        end(onboarding.deduplicationKey(), onboarding.messageId(), onboarding.replay(), result, newest);
    }

    /** Publishes the one end that an onboarding has, which is this one unless there is one already. */
    private void end(String deduplicationKey, String messageId, int replay, Result result, Optional<Before> newest) {
        publisher.publish(terminalResults.end(deduplicationKey, messageId, replay, result), newest);
    }

    private void publish(TerminalResult ending) {
        publisher.publish(ending, Optional.empty());
    }

    /** Publishes what a step has come to, and hands the onboarding over to the next one: neither waits for the other. */
    private void publish(Result result, Onboarding before, Onboarding after, Step next, Optional<Before> newest) {
        calls.both(
                () -> publisher.publish(result, before, newest),
                () -> publisher.publishNextStep(OnboardingEvent.of(after, warnings.keep(after)), next));
    }

    private static Status status(Step step, Onboarding onboarding, Optional<Step> next) {
        if (step == Step.ONBOARD) {
            return Status.ACCEPTED;
        }
        return next.isPresent() ? Status.PROGRESS : Status.endOf(onboarding.request());
    }

    private static Outcome replayed(Onboarding onboarding) {
        return new Outcome.CheckAgain(
                onboarding, StepOutcome.REPLAYED, "replayed; everything is checked again before the key is attached");
    }

    private static Outcome approved(Onboarding onboarding) {
        return new Outcome.CheckAgain(
                onboarding,
                StepOutcome.APPROVED,
                "approved, and checked again before " + onboarding.key() + " is attached");
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

    /** What a message of the chain is about: a step of an onboarding, and who is told how it ends. */
    private record Subject(
            Step step,
            String deduplicationKey,
            int replay,
            Optional<Onboarding> onboarding,
            MessageHandler.Subject told) {}

    /** An onboarding that is known. */
    private Subject known(Step step, Onboarding onboarding) {
        return new Subject(
                step,
                onboarding.deduplicationKey(),
                onboarding.replay(),
                Optional.of(onboarding),
                new MessageHandler.Subject(
                        (status, finding) -> end(
                                onboarding, OnboardingResults.of(onboarding, step, status, finding, clock.instant())),
                        cause -> retried(step, onboarding, cause)));
    }

    /** After an end nothing else is said; where that cannot be looked up, nothing is said either. */
    private boolean hasEnded(Onboarding onboarding) {
        try {
            return terminalResults
                    .of(onboarding.deduplicationKey(), onboarding.replay())
                    .isPresent();
        } catch (TransientException | PermanentException e) {
            return true;
        }
    }

    /** Says why a step did not succeed; whatever keeps that from being said, the cause is what the platform is told. */
    private void retried(Step step, Onboarding onboarding, TransientException cause) {
        publisher.logRetry(step, onboarding, cause);
        terminalResults
                .note(onboarding.deduplicationKey(), step.function(), cause)
                .filter(retries -> !hasEnded(onboarding))
                .ifPresent(retries -> {
                    Instant until = onboarding.acceptedAt().plus(maxAge);
                    Finding finding = RequestFindings.retrying(step.function(), cause, retries.times(), until);
                    Result result = OnboardingResults.of(onboarding, step, Status.RETRYING, finding, clock.instant())
                            .pending(retries.since(), until);
                    try {
                        publisher.publish(result, onboarding, retries.times());
                    } catch (TransientException | PermanentException e) {
                        cause.addSuppressed(e);
                    }
                });
    }

    /** A message of which only the envelope can be read. */
    private Subject unknown(Step step, PubSubMessage message, String requestId) {
        return new Subject(
                step,
                message.deduplicationKey(),
                message.replay(),
                Optional.empty(),
                new MessageHandler.Subject(
                        (status, finding) -> end(
                                message.deduplicationKey(),
                                message.id(),
                                message.replay(),
                                Result.nameless(requestId, step.function(), status, finding, clock.instant()),
                                Optional.empty()),
                        cause -> {}));
    }
}
