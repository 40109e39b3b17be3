package cmek.finding;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** How serious a finding is. */
@RegisterForReflection
public enum Severity {
    /** Refused in every mode; at a scan the key is unhealthy. */
    BLOCKING,
    /** An onboarding goes on with a warning; at a scan the key is unhealthy. */
    PROBLEM,
    /** Shown, and changes no status. */
    NOTICE
}
