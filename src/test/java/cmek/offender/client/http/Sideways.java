package cmek.offender.client.http;

import cmek.offender.client.anthropic.Neighbour;

/** The plumbing that knows a client. */
public record Sideways(Neighbour neighbour) {}
