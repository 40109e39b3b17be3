package cmek.simulator;

import java.util.List;

/**
 * What clients sent to a simulated API that its published structure does not have. A test class in which that happens
 * over a socket fails, whatever its tests say: the client under test may have taken the refusal for something else.
 *
 * <p>Kept in the properties of the system, because a test with a container has classes of its own.
 */
public final class Departures {

    private static final String PROPERTY = "cmek.departures";
    private static final ThreadLocal<Boolean> OVER_A_SOCKET = ThreadLocal.withInitial(() -> false);

    private Departures() {}

    /** Answers a call that came over a socket, from a client that is to be held to the structure. */
    static Reply overASocket(Simulator apis, Call call) {
        OVER_A_SOCKET.set(true);
        try {
            return apis.answer(call);
        } finally {
            OVER_A_SOCKET.set(false);
        }
    }

    /** Notes something, if it came over a socket: a call within the process is a simulator's own test. */
    static void note(String departure) {
        if (OVER_A_SOCKET.get()) {
            System.getProperties().merge(PROPERTY, departure, (before, one) -> before + "\n" + one);
        }
    }

    /** What was noted until now; it is forgotten. */
    public static List<String> taken() {
        Object noted = System.getProperties().remove(PROPERTY);
        return noted == null ? List.of() : List.of(noted.toString().split("\n", -1));
    }
}
