package cmek.offender.client.http;

import cmek.offender.client.anthropic.Neighbour;

/** The plumbing that knows a window. */
public record Sideways(Neighbour neighbour) {}
