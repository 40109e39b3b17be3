package cmek.client.project;

import java.util.Optional;

/**
 * A project, folder or organization, as far as it matters here.
 *
 * @param number of a project; empty where the answer does not have it
 * @param parent {@code folders/F} or {@code organizations/O}; empty for a project without an organization
 */
public record ResourceInfo(Optional<String> number, Optional<String> parent) {}
