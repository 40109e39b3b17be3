package cmek.client.storage;

import cmek.config.CmekConfig;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Decides by the configuration in which bucket the reports are. */
@Singleton
final class ReportStorageProducer {

    @Produces
    @Singleton
    ReportStorage reports(CloudStorage storage, CmekConfig config) {
        return ReportStorage.in(config.evidence()
                .reportsBucket()
                .filter(name -> !name.isBlank())
                .map(storage::inBucket)
                .orElse(storage));
    }
}
