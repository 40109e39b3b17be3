package cmek.check;

import java.util.function.Supplier;

/**
 * One check of a project, a key, a registration or a workspace. The container finds every bean of the two kinds that there
 * are, {@link PrerequisiteCheck} and {@link ScanCheck}; one class may be both. A new check is its class and its finding, and
 * nothing else.
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
