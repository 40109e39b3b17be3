package cmek.simulator;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Every call that reached a the simulated APIs, in order: what a test asserts "and nothing else happened" on. */
public final class Journal {

    /**
     * One outside call.
     *
     * @param apis {@code kms}, {@code project}, {@code admin}, …
     * @param operation as a person names it: {@code CreateCryptoKey projects/…}, {@code POST /v1/organizations/…}
     * @param write whether the call asks for a change of that APIs
     * @param status the HTTP status answered
     */
    public record Entry(String apis, String operation, boolean write, int status) {

        @Override
        public String toString() {
            return apis + " " + operation + " -> " + status;
        }
    }

    private final List<Entry> entries = new CopyOnWriteArrayList<>();

    public void add(Entry entry) {
        entries.add(entry);
    }

    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** The calls that changed something: writes that were answered with success. */
    public List<Entry> writes() {
        return entries.stream()
                .filter(entry -> entry.write() && entry.status() < 300)
                .toList();
    }

    /** The writes to some APIs; what the service remembers of its own is not what it changed of others. */
    public List<Entry> writesTo(String... apis) {
        return writes().stream()
                .filter(entry -> Set.of(apis).contains(entry.apis()))
                .toList();
    }

    /** Starts a new page: a test about a second run forgets the first. */
    public void clear() {
        entries.clear();
    }
}
