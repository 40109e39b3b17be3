package cmek.onboarding;

import cmek.config.CmekConfig;
import cmek.finding.Finding;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * How long a failed validation means nothing: IAM and label changes take minutes to spread.
 * After {@code cmek.timing.propagation-window} a change counts as spread.
 *
 * @see <a href="https://cloud.google.com/iam/docs/access-change-propagation">Access change propagation</a>
 */
@Singleton
public final class Propagation {

    private final Duration propagationTime;
    private final Clock clock;

    @Inject
    Propagation(CmekConfig config, Clock clock) {
        this(config.timing().propagationWindow(), clock);
    }

    public Propagation(Duration propagationTime, Clock clock) {
        this.propagationTime = propagationTime;
        this.clock = clock;
    }

    /**
     * Waits while a change is young and refuses afterwards. A change that this chain did not make itself may be as young
     * as the request: a team that was refused fixes its key and publishes again at once.
     */
    public Outcome waitOr(Onboarding onboarding, String anthropicText, Finding refusal) {
        Instant since = onboarding.changedAt().orElse(onboarding.acceptedAt());
        Instant until = since.plus(propagationTime);
        return clock.instant().isBefore(until)
                ? new Outcome.Pending(
                        since, until, "waiting for IAM and labels to spread; Anthropic says: " + anthropicText)
                : new Outcome.Refused(refusal);
    }
}
