package cmek.check;

import cmek.model.OrganizationId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Supplier;

/** Whether the key bears the organization's label. */
@Singleton
public final class LabelCheck implements ScanCheck {

    private final KeyInspection keys;
    private final OrganizationId organization;

    @Inject
    public LabelCheck(KeyInspection keys, OrganizationId organization) {
        this.keys = keys;
        this.organization = organization;
    }

    @Override
    public int rank() {
        return 140;
    }

    @Override
    public String what() {
        return "label";
    }

    @Override
    public String value(CheckSubject subject) {
        String label = organization.label().key();
        return subject.info()
                .map(key -> key.labels().containsKey(label)
                        ? label + "=" + key.labels().get(label)
                        : "no " + label)
                .orElse("");
    }

    @Override
    public String good() {
        return "label " + organization.label();
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        return () ->
                subject.info().map(info -> CheckResult.warn(keys.label(info))).orElse(CheckResult.CLEAR);
    }
}
