package cmek.check;

import jakarta.inject.Singleton;
import java.util.function.Supplier;

/** Whether the key is registered more than once. */
@Singleton
public final class RegistrationCheck implements PrerequisiteCheck {

    @Override
    public int rank() {
        return 50;
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return () -> subject.registrations().warning().map(CheckResult::warn).orElse(CheckResult.CLEAR);
    }
}
