package cmek.scan;

import cmek.check.KeyNames;
import cmek.client.anthropic.AdminApi;
import cmek.client.http.SideBySide;
import cmek.config.ScanSettings;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The inventory as the events of changes share it. The audit logs of a project have entries about keys that nobody
 * registered; however many come, Anthropic's lists are read once in {@code cmek.scan.listing-interval} at most.
 */
@Singleton
public final class SharedInventory {

    private static final int SECONDS_TO_WAIT = 20;

    private final AdminApi anthropic;
    private final KeyNames names;
    private final Duration sharedFor;
    private final Clock clock;
    private final ReentrantLock reading = new ReentrantLock(true);
    private Optional<Taken> last = Optional.empty();

    @Inject
    public SharedInventory(AdminApi anthropic, KeyNames names, ScanSettings settings, Clock clock) {
        this.anthropic = anthropic;
        this.names = names;
        this.sharedFor = settings.listingInterval();
        this.clock = clock;
    }

    /**
     * What came of one reading of the lists.
     *
     * @param outcome throws what the reading threw
     */
    private record Taken(Instant begunAt, Supplier<Inventory> outcome) {}

    /**
     * The inventory after a change.
     *
     * @param sufficient whether what was read before the change will do
     * @throws TransientException also while what was read is older than the change and may not be read again yet
     */
    Inventory after(Instant change, Predicate<Inventory> sufficient) {
        Taken taken = latest();
        Inventory inventory = taken.outcome().get();
        if (taken.begunAt().isBefore(change) && !sufficient.test(inventory)) {
            throw new TransientException(
                    Reason.BUSY,
                    "Anthropic's lists were last read at " + taken.begunAt() + ", and are read again at "
                            + taken.begunAt().plus(sharedFor),
                    null);
        }
        return inventory;
    }

    private Taken latest() {
        boolean mine = false;
        try {
            mine = reading.tryLock(SECONDS_TO_WAIT, TimeUnit.SECONDS);
            if (!mine) {
                throw new TransientException(Reason.BUSY, "Anthropic's lists are being read for another event", null);
            }
            Instant now = clock.instant();
            Taken taken = last.filter(earlier -> now.isBefore(earlier.begunAt().plus(sharedFor)))
                    .orElseGet(() -> new Taken(now, read()));
            last = Optional.of(taken);
            return taken;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransientException(Reason.BUSY, "interrupted while waiting for Anthropic's lists", e);
        } finally {
            if (mine) {
                reading.unlock();
            }
        }
    }

    /** A failure counts as well: whoever comes next would only fail again. */
    private Supplier<Inventory> read() {
        return SideBySide.settle(() -> Inventory.read(anthropic, names));
    }
}
