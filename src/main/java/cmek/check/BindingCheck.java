package cmek.check;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Whether Anthropic holds both roles on the key itself, without a condition. */
@Singleton
public final class BindingCheck implements ScanCheck {

    private final KeyInspection keys;

    @Inject
    public BindingCheck(KeyInspection keys) {
        this.keys = keys;
    }

    @Override
    public int rank() {
        return 160;
    }

    @Override
    public String good() {
        return "both roles of Anthropic";
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return () -> subject.state() instanceof KeyState.Present present
                ? CheckResult.warn(Stream.concat(
                                keys.grant(subject.key(), present.policy()).stream(),
                                keys.deadBindings(subject.key(), present.policy()).stream())
                        .toList())
                : CheckResult.CLEAR;
    }
}
