package cmek.check;

import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.Validation;
import cmek.client.http.Retry;
import cmek.model.ExternalKeyId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Has Anthropic try a key. It answers {@code failure} also when its own round trip merely timed out, so one failure means
 * little: it is asked once more some seconds later, and the second answer counts.
 */
@Singleton
public final class KeyValidation {

    /** Long enough for a passing overload; two validations of a minute and this leave a function time for its diagnosis. */
    public static final Duration ONCE_MORE_AFTER = Duration.ofSeconds(5);

    private final AdminApi anthropic;
    private final Retry retry;

    @Inject
    public KeyValidation(AdminApi anthropic, Retry retry) {
        this.anthropic = anthropic;
        this.retry = retry;
    }

    /**
     * Validates a registration.
     *
     * @throws cmek.finding.TransientException when Anthropic does not answer
     */
    public Validation validate(ExternalKeyId id) {
        return retry.onceMore(
                () -> anthropic.validate(id), answer -> answer instanceof Validation.Success, ONCE_MORE_AFTER);
    }
}
