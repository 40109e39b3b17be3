package cmek.client.kms;

import java.time.Instant;
import java.util.Optional;

/**
 * Whether a key of a name was deleted, so that no other can ever get the name.
 *
 * @see <a href="https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.retiredResources">Retired
 *     resources</a>
 */
public sealed interface RetiredName {

    /** A key of this name was deleted. */
    record Retired(Optional<Instant> deletedAt) implements RetiredName {}

    /** Cloud KMS has no record of a deleted key of this name. */
    record NotRetired() implements RetiredName {}

    /**
     * The records may not be read, or there was no answer.
     *
     * @param why a few words for a person
     */
    record Unknown(String why) implements RetiredName {}
}
