package cmek.client.storage;

import cmek.finding.Reason;
import cmek.finding.TransientException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * Cloud Storage, as far as this product touches it: the objects of the evidence bucket. Every call may throw
 * {@link cmek.finding.PermanentException} (no such bucket, permission denied) and
 * {@link TransientException} (timeout, overload, 5xx).
 *
 * @see <a href="https://cloud.google.com/storage/docs/json_api/v1/objects">Objects</a>
 */
public interface EvidenceStorage {

    /** Whether there is a bucket at all: {@code cmek.evidence.bucket}. */
    boolean isConfigured();

    /** Where an object of this name lies: {@code gs://BUCKET/NAME}, as {@code gcloud storage} takes it. */
    String url(String name);

    /** Reads an object; empty when there is none of this name. */
    Optional<StoredObject> read(String name);

    /**
     * Reads an object that may be large; it is never held whole.
     *
     * @throws IOException of the reading
     */
    <T> Optional<T> read(String name, Reading<T> reading) throws IOException;

    /** Makes something of an object while it comes. */
    @FunctionalInterface
    interface Reading<T> {

        /**
         * Reads to the end.
         *
         * @param content UTF-8
         */
        T from(InputStream content) throws IOException;
    }

    /** The names of all objects that begin with a prefix, all pages, in order. */
    List<String> list(String prefix);

    /**
     * Writes an object that must not be there yet.
     *
     * @return false when there is one already, perhaps by a write of ours whose answer was lost: nothing was written
     */
    boolean create(String name, MediaKind kind, String text);

    /**
     * Writes an object, unless there is one.
     *
     * @return what is kept: this text, or what another write kept before
     */
    static String keepFirst(EvidenceStorage storage, String name, MediaKind kind, String text) {
        if (storage.create(name, kind, text)) {
            return text;
        }
        return storage.read(name)
                .map(StoredObject::text)
                .orElseThrow(() ->
                        new TransientException(Reason.GOOGLE_UNAVAILABLE, name + " exists and is not shown", null));
    }

    /**
     * {@link #create} with a content that may be large; it is never held whole.
     *
     * @param content is asked for more than once, and writes the same bytes each time
     */
    boolean create(String name, MediaKind kind, Writing content);

    /** Writes an object while it is sent. */
    @FunctionalInterface
    interface Writing {

        /**
         * Writes all of it, and leaves the stream open.
         *
         * @param out UTF-8
         */
        void to(OutputStream out) throws IOException;
    }

    /**
     * Writes an object over the one that was read.
     *
     * @param generation of what was read
     * @return false when another process wrote in between: nothing was written, read again and decide again
     */
    boolean replace(String name, MediaKind kind, String text, long generation);

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
