package cmek.simulator;

import java.util.function.UnaryOperator;

/**
 * Something that goes wrong between a caller and a simulated world. A fault stands before the world: it may answer in
 * its place, let the call through and spoil the reply, or do something to the world first.
 */
@FunctionalInterface
public interface Fault {

    /**
     * Answers a call.
     *
     * @param call what the caller sent
     * @param world lets the call through to the world (or to the next fault before it)
     */
    Reply answer(Call call, Simulator world);

    /** Wraps a world in this fault. */
    default UnaryOperator<Simulator> around() {
        return world -> call -> answer(call, world);
    }
}
