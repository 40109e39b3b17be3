package cmek.function;

import io.quarkus.funqy.gcp.functions.FunqyCloudEventsFunction;

/**
 * The entry class on Google's functions runtime ({@code --entry-point cmek.function.CmekFunction}); which function it
 * serves is for {@code QUARKUS_FUNQY_EXPORT} to say.
 */
public final class CmekFunction extends FunqyCloudEventsFunction {

    /**
     * Ends the process when the application did not start: a missing or wrong export, or settings that are missing.
     * Otherwise it would live on and answer 500 to everything, permanently.
     *
     * @throws IllegalStateException with what went wrong
     */
    public CmekFunction() {
        if (!started) {
            throw new IllegalStateException(deploymentStatus);
        }
    }
}
