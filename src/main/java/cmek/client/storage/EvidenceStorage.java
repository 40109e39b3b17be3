package cmek.client.storage;

import java.util.List;
import java.util.Optional;

/**
 * Cloud Storage, as far as this product touches it: the objects of the evidence bucket. Every call may throw
 * {@link cmek.onboarding.RefusedException} (no such bucket, permission denied) and
 * {@link cmek.onboarding.UnavailableException} (timeout, overload, 5xx).
 *
 * @see <a href="https://cloud.google.com/storage/docs/json_api/v1/objects">Objects</a>
 */
public interface EvidenceStorage {

    /** Whether there is a bucket at all: {@code cmek.evidence.bucket}. */
    boolean isConfigured();

    /** Reads an object; empty when there is none of this name. */
    Optional<StoredObject> read(String name);

    /** The names of all objects that begin with a prefix, all pages, in the order of their names. */
    List<String> list(String prefix);

    /**
     * Writes an object that must not be there yet.
     *
     * @return false when there is one already, perhaps by a write of ours whose answer was lost: nothing was written
     */
    boolean create(String name, MediaKind kind, String text);

    /**
     * Writes an object over the one that was read.
     *
     * @param generation of what was read
     * @return false when somebody else wrote in between: nothing was written, read again and decide again
     */
    boolean replace(String name, MediaKind kind, String text, long generation);

    /** Writes an object whatever was there. */
    void overwrite(String name, MediaKind kind, String text);

    /** What an object is, for whoever opens it in a browser. */
    enum MediaKind {
        JSON("application/json"),
        TEXT("text/plain; charset=UTF-8"),
        CSV("text/csv; charset=UTF-8"),
        HTML("text/html; charset=UTF-8");

        private final String contentType;

        MediaKind(String contentType) {
            this.contentType = contentType;
        }

        public String contentType() {
            return contentType;
        }
    }
}
