package cmek.check;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Supplier;

/** Whether the key is registered more than once. */
@Singleton
public final class RegistrationCheck implements PrerequisiteCheck {

    private final RegistrationLookup registrations;
    private final ParallelReads reads;

    @Inject
    public RegistrationCheck(RegistrationLookup registrations, ParallelReads reads) {
        this.registrations = registrations;
        this.reads = reads;
    }

    @Override
    public int rank() {
        return 50;
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return reads.begin(() -> registrations
                .inspect(subject.key())
                .warning()
                .map(CheckResult::warn)
                .orElse(CheckResult.CLEAR));
    }
}
