package cmek.simulation;

/** The process is dead. An error, so that nothing in the product can take it for a fault and go on. */
final class Killed extends Error {

    private static final long serialVersionUID = 1;

    Killed() {
        super("killed", null, false, false);
    }
}
