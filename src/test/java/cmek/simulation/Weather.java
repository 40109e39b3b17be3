package cmek.simulation;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * How rough a schedule is.
 *
 * @param fault how often an outside call fails, before or after it had its effect
 * @param kill how often a function dies before or after an outside call or a publish
 * @param duplicate how often a message is delivered twice
 * @param lag how long a registration is missing from Anthropic's lists
 * @param spread how long IAM and labels take to spread
 * @param attempts after so many deliveries a message becomes a dead letter
 * @param maxAge {@code cmek.timing.max-age}
 * @param freeze how often a process stands still before an outside call, for longer than any lock holds
 * @param release how often an event or an object is written by a neighbouring release
 * @param movement how often somebody else registers a key or deletes a registration of theirs
 */
record Weather(
        double fault,
        double kill,
        double duplicate,
        Duration lag,
        Duration spread,
        int attempts,
        Duration maxAge,
        double freeze,
        double release,
        double movement) {

    static Weather of(SplittableRandom dice) {
        return new Weather(
                pick(dice, 0, 0.02, 0.08),
                pick(dice, 0, 0.005, 0.03),
                pick(dice, 0, 0.05, 0.2),
                dice.nextInt(3) == 0 ? Duration.ofSeconds(60) : Duration.ZERO,
                dice.nextInt(4) == 0 ? Duration.ofMinutes(3) : Duration.ZERO,
                dice.nextInt(3) == 0 ? 5 : 20,
                dice.nextInt(8) == 0 ? Duration.ofMinutes(15) : Duration.ofHours(24),
                pick(dice, 0, 0.01, 0.03),
                pick(dice, 0, 0.2),
                pick(dice, 0, 0, 0.05));
    }

    private static double pick(SplittableRandom dice, double... of) {
        return of[dice.nextInt(of.length)];
    }
}
