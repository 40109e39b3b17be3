package cmek.config;

import cmek.onboarding.OrganizationId;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Refuses to start when a required setting is missing, and names all that are. */
@Singleton
public final class StartUp {

    /** The functions that speak to the vendor; the others shall run where no credential of the vendor's can be read. */
    private static final Set<String> NEED_CREDENTIAL = Set.of(
            "checkPrerequisites",
            "registerKey",
            "validateKey",
            "attachWorkspace",
            "startNight",
            "inspectKey",
            "recheckChangedKey");

    /** The functions that read or leave evidence. */
    private static final Set<String> NEED_BUCKET =
            Set.of("startNight", "inspectKey", "reportNight", "recheckChangedKey");

    private final CmekConfig config;

    @Inject
    StartUp(CmekConfig config) {
        this.config = config;
    }

    void check(@Observes StartupEvent event) {
        List<String> faults = faults();
        if (!faults.isEmpty()) {
            throw new IllegalStateException("cannot start: " + String.join("; ", faults));
        }
    }

    /** What must be set or mended before this function can run. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        config.anthropic()
                .organizationId()
                .ifPresentOrElse(
                        id -> refuseMalformed(id, faults), () -> faults.add(missing("anthropic.organization-id")));
        if (config.google().project().filter(project -> !project.isBlank()).isEmpty()) {
            faults.add(missing("google.project"));
        }
        CmekConfig.Anthropic vendor = config.anthropic();
        boolean needsCredential =
                config.host().serves().map(NEED_CREDENTIAL::contains).orElse(true);
        if (needsCredential
                && vendor.adminKey().isEmpty()
                && vendor.adminKeyFile().isEmpty()) {
            faults.add(missing("anthropic.admin-key") + " (or cmek.anthropic.admin-key-file)");
        }
        if (vendor.adminKey().isPresent() && vendor.adminKeyFile().isPresent()) {
            faults.add("cmek.anthropic.admin-key and cmek.anthropic.admin-key-file are both set: leave out one");
        }
        boolean needsBucket = config.host().serves().map(NEED_BUCKET::contains).orElse(false);
        if (needsBucket
                && config.evidence().bucket().filter(name -> !name.isBlank()).isEmpty()) {
            faults.add(missing("evidence.bucket"));
        }
        refuseLessThanOne("concurrency", config.concurrency(), faults);
        refuseLessThanOne("night.concurrency", config.night().concurrency(), faults);
        return faults;
    }

    private static void refuseLessThanOne(String property, int value, List<String> faults) {
        if (value < 1) {
            faults.add("cmek." + property + " is " + value + ": with less than 1 nothing would ever be done");
        }
    }

    private static void refuseMalformed(String id, List<String> faults) {
        try {
            new OrganizationId(id);
        } catch (IllegalArgumentException e) {
            faults.add("cmek.anthropic.organization-id is " + e.getMessage());
        }
    }

    private static String missing(String property) {
        String environment =
                "CMEK_" + property.toUpperCase(java.util.Locale.ROOT).replaceAll("[^A-Z]", "_");
        return "cmek." + property + " is not set (" + environment + ")";
    }
}
