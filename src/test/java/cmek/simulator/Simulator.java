package cmek.simulator;

/** A simulated outside API: a plain object that answers one call after another. Safe for use by several threads. */
@FunctionalInterface
public interface Simulator {

    Reply answer(Call call);
}
