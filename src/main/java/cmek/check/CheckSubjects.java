package cmek.check;

import cmek.check.CheckSubject.Reads;
import cmek.check.RegistrationLookup.Registrations;
import cmek.client.http.SideBySide;
import cmek.client.kms.CryptoKeyInfo;
import cmek.client.kms.KeyManagement;
import cmek.client.kms.KeyPolicy;
import cmek.model.CryptoKeyName;
import cmek.model.OnboardingRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the subjects of checks: what each of them reads, and that it is read once. */
@Singleton
public final class CheckSubjects {

    private final KeyManagement kms;
    private final KeyInspection keys;
    private final RegistrationLookup registrations;
    private final SideBySide reads;

    @Inject
    public CheckSubjects(KeyManagement kms, KeyInspection keys, RegistrationLookup registrations, SideBySide reads) {
        this.kms = kms;
        this.keys = keys;
        this.registrations = registrations;
        this.reads = reads;
    }

    /** What a request asks for, before anything is written; the reads that every check needs begin at once. */
    public CheckSubject ofRequest(OnboardingRequest request) {
        CryptoKeyName key = request.key();
        Supplier<KeyState> state = reads.begin(() -> keys.look(key));
        Supplier<Registrations> registered = reads.begin(() -> registrations.inspect(key));
        return new CheckSubject(
                request,
                new Reads(
                        () -> info(state.get()),
                        state,
                        () -> kms.policy(key),
                        new Once<>(() -> kms.versions(key)),
                        registered,
                        () -> KeyUse.of(registered.get())),
                Optional.empty());
    }

    private static Optional<CryptoKeyInfo> info(KeyState state) {
        return state instanceof KeyState.Present present ? Optional.of(present.key()) : Optional.empty();
    }

    /** A key that is registered, as Anthropic's list of registrations has it now. */
    public CheckSubject ofKey(OnboardingRequest request) {
        Supplier<Registrations> registered = new Once<>(() -> registrations.inspect(request.key()));
        return ofKey(request, registered, () -> KeyUse.of(registered.get()), Optional.empty());
    }

    /**
     * A key that is registered.
     *
     * @param request that a team would publish today to validate it
     * @param use what is known of Anthropic's use of it
     * @param sharedSince what was read of its ring and project for another key since then, and not long ago, does as well
     */
    public CheckSubject ofKey(OnboardingRequest request, KeyUse use, Instant sharedSince) {
        return ofKey(request, () -> registrations.inspect(request.key()), () -> use, Optional.of(sharedSince));
    }

    private CheckSubject ofKey(
            OnboardingRequest request,
            Supplier<Registrations> registered,
            Supplier<KeyUse> use,
            Optional<Instant> sharedSince) {
        CryptoKeyName key = request.key();
        Supplier<Optional<CryptoKeyInfo>> info = new Once<>(() -> kms.cryptoKey(key));
        Once<KeyPolicy> policy = new Once<>(() -> kms.policy(key));
        return new CheckSubject(
                request,
                new Reads(
                        info,
                        () -> info.get()
                                .<KeyState>map(found -> new KeyState.Present(found, policy.get()))
                                .orElseGet(() -> new KeyState.Absent(true)),
                        policy,
                        new Once<>(() -> kms.versions(key)),
                        registered,
                        use),
                sharedSince);
    }

    /** A read that several checks share and that is made once, whatever comes of it. */
    private static final class Once<T> implements Supplier<T> {

        private final Supplier<T> read;
        private @Nullable Supplier<T> outcome;

        Once(Supplier<T> read) {
            this.read = read;
        }

        @Override
        public T get() {
            Supplier<T> known = outcome;
            if (known == null) {
                known = SideBySide.settle(read);
                outcome = known;
            }
            return known.get();
        }
    }
}
