package cmek.client.project;

import java.time.Instant;
import java.util.Optional;

/**
 * A project as Resource Manager describes it.
 *
 * @param parent {@code folders/F} or {@code organizations/O}; empty for a project without an organization
 * @param state Resource Manager's own word: {@code ACTIVE} or {@code DELETE_REQUESTED}
 * @param deleteTime when deletion was requested, where it was
 */
public record ProjectInfo(Optional<String> parent, String state, Optional<Instant> deleteTime) {

    /** Whether it was shut down and Google will delete it with all that is in it. */
    public boolean isDeleteRequested() {
        return state.equals("DELETE_REQUESTED");
    }
}
