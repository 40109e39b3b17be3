package cmek.check;

import cmek.check.RegistrationLookup.Registrations;
import cmek.client.kms.CryptoKeyInfo;
import cmek.client.kms.KeyPolicy;
import cmek.client.kms.KeyVersionInfo;
import cmek.model.CryptoKeyName;
import cmek.model.OnboardingRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What is checked, with what several checks read of it: that is read once, when the first of them asks. What a client throws
 * is thrown each time that somebody asks.
 */
public final class CheckSubject {

    private final OnboardingRequest request;
    private final Reads reads;
    private final Optional<Instant> sharedSince;
    private final ReadCache cache = new ReadCache(() -> Instant.MAX);
    private Instant oldestRead = Instant.MAX;

    /**
     * A subject.
     *
     * @param sharedSince what was read of its ring and project for another key since then, and not long ago, does as well;
     *     empty where it may not be shared
     */
    CheckSubject(OnboardingRequest request, Reads reads, Optional<Instant> sharedSince) {
        this.request = request;
        this.reads = reads;
        this.sharedSince = sharedSince;
    }

    /**
     * The shared reads.
     *
     * @param info the key, without its policy; empty where it does not exist
     * @param state the key with its policy, or why it cannot be had
     * @param use how Anthropic uses it
     */
    record Reads(
            Supplier<Optional<CryptoKeyInfo>> info,
            Supplier<KeyState> state,
            Supplier<KeyPolicy> policy,
            Supplier<List<KeyVersionInfo>> versions,
            Supplier<Registrations> registrations,
            Supplier<KeyUse> use) {}

    public OnboardingRequest request() {
        return request;
    }

    public CryptoKeyName key() {
        return request.key();
    }

    /** The key without its policy; empty where it does not exist. */
    public Optional<CryptoKeyInfo> info() {
        return reads.info().get();
    }

    /** The key with its policy, or why it cannot be had. */
    public KeyState state() {
        return reads.state().get();
    }

    /** The policy on the key itself. */
    public KeyPolicy policy() {
        return reads.policy().get();
    }

    public List<KeyVersionInfo> versions() {
        return reads.versions().get();
    }

    /** The key's registrations at Anthropic. */
    public Registrations registrations() {
        return reads.registrations().get();
    }

    public KeyUse use() {
        return reads.use().get();
    }

    /** From when on reads of what it inherits may be shared with other keys; empty where they may not. */
    Optional<Instant> sharedSince() {
        return sharedSince;
    }

    /** When the oldest was read of what its checks share with those of other keys; in the far future where nothing is. */
    public synchronized Instant oldestRead() {
        return oldestRead;
    }

    synchronized void hasUsed(Instant readAt) {
        if (readAt.isBefore(oldestRead)) {
            oldestRead = readAt;
        }
    }

    /** What its own checks share. */
    ReadCache cache() {
        return cache;
    }
}
