package cmek.check;

import java.util.function.Supplier;

/**
 * One check of a project, a key, a registration or a workspace. Every bean of this type is found by the container: a new
 * check is its class and its finding, and nothing else.
 */
public interface Check {

    /**
     * Its place among the others: of several refusals the one of the lowest rank is the answer, whichever read was the
     * fastest.
     */
    int rank();

    /**
     * Begins its reads and returns at once.
     *
     * @return waits for the reads and judges; throws what a client throws when they could not be made
     */
    Supplier<CheckResult> begin(CheckSubject subject);
}
