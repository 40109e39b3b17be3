package cmek.client.storage;

import cmek.client.storage.EvidenceStorage.MediaKind;
import cmek.client.storage.EvidenceStorage.Reading;
import cmek.client.storage.EvidenceStorage.Writing;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The bucket of the reports of finished scans: {@code cmek.evidence.reports-bucket}. Nothing is ever replaced there, so that
 * the bucket may have a retention policy that is locked.
 */
public interface ReportStorage {

    /** {@link EvidenceStorage#read(String, Reading)}. */
    <T> Optional<T> read(String name, Reading<T> reading) throws IOException;

    /** {@link EvidenceStorage#url}. */
    String url(String name);

    /** {@link EvidenceStorage#list}. */
    List<String> list(String prefix);

    /** {@link EvidenceStorage#create(String, MediaKind, Writing)}. */
    boolean create(String name, MediaKind kind, Writing content);

    /** The reports in the evidence bucket, where they have no bucket of their own. */
    static ReportStorage in(EvidenceStorage evidence) {
        return new ReportStorage() {
            @Override
            public <T> Optional<T> read(String name, Reading<T> reading) throws IOException {
                return evidence.read(name, reading);
            }

            @Override
            public String url(String name) {
                return evidence.url(name);
            }

            @Override
            public List<String> list(String prefix) {
                return evidence.list(prefix);
            }

            @Override
            public boolean create(String name, MediaKind kind, Writing content) {
                return evidence.create(name, kind, content);
            }
        };
    }
}
