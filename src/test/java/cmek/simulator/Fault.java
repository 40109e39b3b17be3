package cmek.simulator;

import java.util.function.UnaryOperator;

/**
 * Something that goes wrong between a caller and a the simulated APIs. A fault stands before the APIs: it may answer in
 * its place, let the call through and spoil the reply, or do something to the APIs first.
 */
@FunctionalInterface
public interface Fault {

    /**
     * Answers a call.
     *
     * @param call what the caller sent
     * @param apis lets the call through to the APIs (or to the next fault before it)
     */
    Reply answer(Call call, Simulator apis);

    /** Wraps a APIs in this fault. */
    default UnaryOperator<Simulator> around() {
        return apis -> call -> answer(call, apis);
    }
}
