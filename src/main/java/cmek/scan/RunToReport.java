package cmek.scan;

import cmek.model.Versioned;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** The event that has a scan reported on. */
@RegisterForReflection
public record RunToReport(RunId run) implements Versioned {}
