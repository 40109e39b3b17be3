package cmek.client.storage;

import cmek.client.storage.EvidenceStorage.MediaKind;
import cmek.client.storage.EvidenceStorage.Reading;
import cmek.client.storage.EvidenceStorage.Writing;
import cmek.config.CmekConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The reports in Cloud Storage. */
@Singleton
final class CloudReportStorage implements ReportStorage {

    private final ReportStorage reports;

    @Inject
    CloudReportStorage(CloudStorage storage, CmekConfig config) {
        this.reports = ReportStorage.in(config.evidence()
                .reportsBucket()
                .filter(name -> !name.isBlank())
                .map(storage::inBucket)
                .orElse(storage));
    }

    @Override
    public <T> Optional<T> read(String name, Reading<T> reading) throws IOException {
        return reports.read(name, reading);
    }

    @Override
    public String url(String name) {
        return reports.url(name);
    }

    @Override
    public List<String> list(String prefix) {
        return reports.list(prefix);
    }

    @Override
    public boolean create(String name, MediaKind kind, Writing content) {
        return reports.create(name, kind, content);
    }
}
