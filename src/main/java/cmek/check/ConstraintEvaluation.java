package cmek.check;

import cmek.client.project.EffectivePolicy;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/** What a list constraint says to one value. */
enum ConstraintEvaluation {
    YES,
    NO,
    /** It depends on a condition, or on a group of values that we do not know. */
    UNCLEAR;

    /**
     * Asks a policy.
     *
     * @param covers whether an entry of a list, without {@code is:}, stands for the value
     */
    static ConstraintEvaluation of(EffectivePolicy policy, Function<String, ConstraintEvaluation> covers) {
        ConstraintEvaluation answer = YES;
        for (EffectivePolicy.Rule rule : policy.rules()) {
            if (rule.conditional()) {
                return UNCLEAR;
            }
            ConstraintEvaluation denied = any(rule.deniedValues(), covers);
            if (rule.denyAll() || denied == YES) {
                return NO;
            }
            if (denied == UNCLEAR) {
                answer = UNCLEAR;
                continue;
            }
            if (!rule.allowedValues().isEmpty()) {
                answer = any(rule.allowedValues(), covers);
            }
        }
        return answer;
    }

    /** Every value that the policy's rules allow by name. */
    static Set<String> allowed(EffectivePolicy policy) {
        Set<String> allowed = new HashSet<>();
        policy.rules().forEach(rule -> allowed.addAll(rule.allowedValues()));
        return allowed;
    }

    private static ConstraintEvaluation any(Set<String> values, Function<String, ConstraintEvaluation> covers) {
        ConstraintEvaluation best = NO;
        for (String value : values) {
            ConstraintEvaluation answer =
                    covers.apply(value.startsWith("is:") ? value.substring("is:".length()) : value);
            if (answer == YES) {
                return YES;
            }
            if (answer == UNCLEAR) {
                best = UNCLEAR;
            }
        }
        return best;
    }
}
