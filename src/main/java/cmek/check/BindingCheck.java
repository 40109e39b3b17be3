package cmek.check;

import cmek.model.AnthropicPrincipal;
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
    public String what() {
        return "bindings";
    }

    @Override
    public String value(CheckSubject subject) {
        return KeyValues.bindings(subject.policy());
    }

    @Override
    public String good() {
        return "both roles of " + AnthropicPrincipal.EMAIL + " without a condition";
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return () -> CheckResult.warn(Stream.concat(
                        keys.grant(subject.key(), subject.policy()).stream(),
                        keys.deadBindings(subject.key(), subject.policy()).stream())
                .toList());
    }
}
