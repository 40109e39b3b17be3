package cmek.offender.onboarding;

import cmek.offender.step.First;
import com.google.protobuf.Duration;

/** A word that knows a step, and a type of Google's. */
public record Word(First step, Duration wire) {}
