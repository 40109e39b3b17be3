package cmek.check;

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
 * What is checked, with what several checks read of it: that is read once. What a client throws is thrown each time that
 * somebody asks.
 */
public final class CheckSubject {

    private final OnboardingRequest request;
    private final Optional<CryptoKeyInfo> info;
    private final Supplier<KeyState> state;
    private final Supplier<List<KeyVersionInfo>> versions;
    private final List<String> workspaces;
    private final Optional<Instant> sharedSince;
    private final ReadCache cache = new ReadCache(() -> Instant.MAX);

    private CheckSubject(
            OnboardingRequest request,
            Optional<CryptoKeyInfo> info,
            Supplier<KeyState> state,
            Supplier<List<KeyVersionInfo>> versions,
            List<String> workspaces,
            Optional<Instant> sharedSince) {
        this.request = request;
        this.info = info;
        this.state = state;
        this.versions = versions;
        this.workspaces = List.copyOf(workspaces);
        this.sharedSince = sharedSince;
    }

    /** What a request asks for. */
    public static CheckSubject ofRequest(OnboardingRequest request, Supplier<KeyState> state) {
        return new CheckSubject(request, Optional.empty(), state, List::of, List.of(), Optional.empty());
    }

    /**
     * A registered key that exists.
     *
     * @param request that a team would publish today to validate it
     * @param workspaces that use it, as a person knows them
     * @param sharedSince what was read of its ring and project for another key since then, and not long ago, does as well
     */
    public static CheckSubject ofKey(
            OnboardingRequest request,
            CryptoKeyInfo key,
            Supplier<KeyPolicy> policy,
            Supplier<List<KeyVersionInfo>> versions,
            List<String> workspaces,
            Instant sharedSince) {
        return new CheckSubject(
                request,
                Optional.of(key),
                () -> new KeyState.Present(key, policy.get()),
                versions,
                workspaces,
                Optional.of(sharedSince));
    }

    public OnboardingRequest request() {
        return request;
    }

    public CryptoKeyName key() {
        return request.key();
    }

    /** The key without its policy; empty where nobody read it before the checks began. */
    public Optional<CryptoKeyInfo> info() {
        return info;
    }

    /** The key with its policy, or why it cannot be had. */
    public KeyState state() {
        return state.get();
    }

    public List<KeyVersionInfo> versions() {
        return versions.get();
    }

    /** From when on reads of what it inherits may be shared with other keys; empty where they may not. */
    Optional<Instant> sharedSince() {
        return sharedSince;
    }

    /** What its own checks share. */
    ReadCache cache() {
        return cache;
    }

    public List<String> workspaces() {
        return workspaces;
    }
}
