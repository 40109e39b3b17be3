package cmek.scan;

import cmek.finding.PermanentException;
import cmek.finding.ScanFindings;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an event has checked, as it is known here: in a scan by the plan that was stored when it began, after a change by
 * Anthropic's lists. Of the event itself nothing is believed but which of them it names.
 */
@Singleton
public final class ScanTargets {

    private final ScanStore store;
    private final SharedInventory inventory;
    private final Clock clock;

    /** A plan is never changed, and thousands of events name the same one. */
    private volatile Optional<ScanPlan> lastPlan = Optional.empty();

    @Inject
    public ScanTargets(ScanStore store, SharedInventory inventory, Clock clock) {
        this.store = store;
        this.inventory = inventory;
        this.clock = clock;
    }

    /**
     * The key that an event names.
     *
     * @throws PermanentException when neither a plan nor Anthropic's list has it
     */
    public KeyToScan target(ScanKeyEvent event) {
        return event.run().isScan() ? ofScan(event) : ofChange(event);
    }

    private KeyToScan ofScan(ScanKeyEvent event) {
        ScanPlan plan = plan(event.run());
        return new KeyToScan(
                plan.id(), named(event, plan.expected(), "the plan of the run"), plan.patientUntil(), Optional.empty());
    }

    private ScanPlan plan(RunId run) {
        return lastPlan.filter(plan -> plan.id().equals(run)).orElseGet(() -> {
            ScanPlan plan = store.plan(run).orElseThrow(() -> unreadable("run " + run + " does not exist"));
            lastPlan = Optional.of(plan);
            return plan;
        });
    }

    private KeyToScan ofChange(ScanKeyEvent event) {
        KeyChange change = event.change().orElseThrow(() -> unreadable("it does not say what changed"));
        ExternalKeyId id = event.key().id();
        // A time to come would have the lists read without end.
        Instant now = clock.instant();
        Inventory known = inventory.after(
                change.at().isBefore(now) ? change.at() : now,
                read -> read.keys().stream().anyMatch(key -> key.id().equals(id)));
        List<RegisteredKey> keys = known.keys();
        if (keys.stream().noneMatch(key -> key.id().equals(id))) {
            known.interrupted().ifPresent(cause -> {
                throw cause;
            });
        }
        return new KeyToScan(
                event.run(),
                named(event, keys, "Anthropic's list"),
                change.at().plus(RescanChangedKey.PATIENCE),
                event.change());
    }

    private static RegisteredKey named(ScanKeyEvent event, List<RegisteredKey> known, String by) {
        ExternalKeyId id = event.key().id();
        CryptoKeyName name = event.key().key();
        return known.stream()
                .filter(key -> key.id().equals(id) && key.key().equals(name))
                .findFirst()
                .orElseThrow(() -> unreadable(by + " does not have the registration " + id + " of " + name));
    }

    private static PermanentException unreadable(String why) {
        return new PermanentException(ScanFindings.unreadable("scanKey", why));
    }
}
