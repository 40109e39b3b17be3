package cmek.finding;

/** How serious a finding is. */
public enum Severity {
    /** Refused in every mode; at a scan the key is unhealthy. */
    BLOCKING,
    /** An onboarding goes on with a warning; at a scan the key is unhealthy. */
    PROBLEM,
    /** Shown, and changes no status. */
    NOTICE
}
