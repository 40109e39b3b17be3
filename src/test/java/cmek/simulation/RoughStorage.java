package cmek.simulation;

import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.StoredObject;
import cmek.fake.FakeStorage;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The evidence bucket in rough weather. */
final class RoughStorage implements EvidenceStorage {

    private final Simulation simulation;
    private final FakeStorage storage;

    RoughStorage(Simulation simulation, FakeStorage storage) {
        this.simulation = simulation;
        this.storage = storage;
    }

    @Override
    public boolean isConfigured() {
        return true;
    }

    @Override
    public String url(String name) {
        return "gs://acme-evidence/" + name;
    }

    @Override
    public Optional<StoredObject> read(String name) {
        if (simulation.isHelper()) {
            // A report reads many objects at a time, on threads of its own.
            return storage.read(name);
        }
        begin("reading " + name);
        Optional<StoredObject> found = storage.read(name);
        simulation.told("read " + name, found::isPresent);
        return found;
    }

    @Override
    public <T> Optional<T> read(String name, Reading<T> reading) throws IOException {
        begin("reading " + name);
        return storage.read(name, reading);
    }

    @Override
    public List<String> list(String prefix) {
        begin("listing " + prefix);
        return storage.list(prefix);
    }

    @Override
    public boolean create(String name, MediaKind kind, String text) {
        String written = kind == MediaKind.JSON && simulation.isOfAnotherRelease()
                ? simulation.releases().object(text)
                : text;
        return write("create " + name, () -> storage.create(name, kind, written));
    }

    @Override
    public boolean create(String name, MediaKind kind, Writing content) {
        return write("create " + name, () -> storage.create(name, kind, content));
    }

    @Override
    public boolean replace(String name, MediaKind kind, String text, long generation) {
        return write("replace " + name, () -> storage.replace(name, kind, text, generation));
    }

    @Override
    public void overwrite(String name, MediaKind kind, String text) {
        begin("overwriting " + name);
        storage.overwrite(name, kind, text);
    }

    private void begin(String what) {
        simulation.meanwhile(what);
        if (simulation.strikes(simulation.faults() / 2)) {
            throw lost(what);
        }
    }

    private boolean write(String what, BooleanSupplier write) {
        begin(what);
        boolean written = simulation.told(what, write::getAsBoolean);
        simulation.perhapsDie("after " + what);
        if (simulation.strikes(simulation.faults() / 2)) {
            // The answer is lost: the client's next try meets the echo of the first, or it gives up.
            if (simulation.heads()) {
                throw lost(what);
            }
            return false;
        }
        return written;
    }

    private static TransientException lost(String what) {
        return new TransientException(Reason.GOOGLE_UNAVAILABLE, what + " was not answered", null);
    }
}
