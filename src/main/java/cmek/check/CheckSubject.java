package cmek.check;

import cmek.model.CryptoKeyName;
import cmek.model.OnboardingRequest;
import java.util.function.Supplier;

/** What is checked, with what several checks read of it: that is read once. */
public final class CheckSubject {

    private final OnboardingRequest request;
    private final Supplier<KeyState> state;

    /**
     * A subject of checks.
     *
     * @param request what is asked of the key, or for a scan what a team's request to validate it would ask today
     * @param state what is there of the key; may throw what a client throws, each time it is asked
     */
    public CheckSubject(OnboardingRequest request, Supplier<KeyState> state) {
        this.request = request;
        this.state = state;
    }

    public OnboardingRequest request() {
        return request;
    }

    public CryptoKeyName key() {
        return request.key();
    }

    public KeyState state() {
        return state.get();
    }
}
