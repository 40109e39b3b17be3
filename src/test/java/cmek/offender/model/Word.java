package cmek.offender.model;

import cmek.offender.onboarding.step.First;
import com.google.protobuf.Duration;

/** A word that knows a step, and a type of Google's. */
public record Word(First step, Duration wire) {}
