package cmek.simulator;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What stands before a APIs: the faults of the day, the latest outermost. Without any it is open. */
public final class Gate implements Simulator {

    private final Simulator apis;
    private final List<Fault> faults = new CopyOnWriteArrayList<>();

    public Gate(Simulator apis) {
        this.apis = apis;
    }

    /** Puts a fault before the APIs, and before the faults that stand there already. */
    public void put(Fault fault) {
        faults.add(fault);
    }

    /** Takes all faults away. */
    public void open() {
        faults.clear();
    }

    @Override
    public Reply answer(Call call) {
        Simulator behind = apis;
        for (Fault fault : faults) {
            behind = fault.around().apply(behind);
        }
        return behind.answer(call);
    }
}
