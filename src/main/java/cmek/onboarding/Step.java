package cmek.onboarding;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The steps of the guide, in their order, which is written here and nowhere else. */
public enum Step {
    ONBOARD("onboard", "onboarding-requests"),
    CHECK_PREREQUISITES("checkPrerequisites", "check-prerequisites"),
    CREATE_KEY_RING("createKeyRing", "create-key-ring"),
    CREATE_KEY("createKey", "create-key"),
    GRANT_ACCESS("grantAccess", "grant-access"),
    REGISTER_KEY("registerKey", "register-key"),
    VALIDATE_KEY("validateKey", "validate-key"),
    ATTACH_WORKSPACE("attachWorkspace", "attach-workspace");

    private static final List<Step> ORDER = List.of(values());

    private final String function;
    private final String topic;

    Step(String function, String topic) {
        this.function = function;
        this.topic = topic;
    }

    /** The name of the step's function, and its name in results. */
    public String function() {
        return function;
    }

    /** The name of the topic whose messages trigger the step, without the configured prefix. */
    public String topic() {
        return topic;
    }

    /**
     * The step after this one.
     *
     * @param attaching whether the request names a workspace; without one the chain ends after validation
     * @return empty after the last step
     */
    public Optional<Step> next(boolean attaching) {
        Step last = attaching ? ATTACH_WORKSPACE : VALIDATE_KEY;
        return this == last ? Optional.empty() : Optional.of(ORDER.get(ORDER.indexOf(this) + 1));
    }

    /**
     * The step after this one for an onboarding that somebody approved: nothing is written again on the way from the checks
     * to the last step.
     */
    public Optional<Step> nextWhenApproved() {
        return this == CHECK_PREREQUISITES ? Optional.of(ATTACH_WORKSPACE) : next(true);
    }

    /** The step of a function's name. */
    public static Optional<Step> ofFunction(String function) {
        return of(function::equals);
    }

    /** The step of the function that something is true of. */
    public static Optional<Step> of(Predicate<String> function) {
        return ORDER.stream().filter(step -> function.test(step.function)).findFirst();
    }
}
