package cmek.client.project;

import java.time.Instant;
import java.util.Optional;

/**
 * A project, folder or organization, as far as it matters here.
 *
 * @param id of a project, which may be asked for by its number; empty where the answer does not have it
 * @param number of a project; empty where the answer does not have it
 * @param parent {@code folders/F} or {@code organizations/O}; empty for a project without an organization
 * @param state Resource Manager's own word: {@code ACTIVE} or {@code DELETE_REQUESTED}
 * @param deleteTime when deletion was requested, where it was
 */
public record ResourceInfo(
        Optional<String> id,
        Optional<String> number,
        Optional<String> parent,
        String state,
        Optional<Instant> deleteTime) {

    /** Whether it was shut down and Google will delete it with all that is in it. */
    public boolean isDeleteRequested() {
        return state.equals("DELETE_REQUESTED");
    }
}
