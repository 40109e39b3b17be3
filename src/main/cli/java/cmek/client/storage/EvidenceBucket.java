package cmek.client.storage;

import cmek.client.http.GoogleAuth;
import cmek.client.http.GoogleHttp;
import cmek.client.http.Retry;
import java.net.URI;
import java.util.Optional;

/** The evidence bucket for a program that has no settings of the service. */
public final class EvidenceBucket {

    private static final int CONCURRENCY = 20;

    private EvidenceBucket() {}

    /** A client of a bucket at a base URL of Cloud Storage. */
    public static EvidenceStorage open(GoogleHttp http, GoogleAuth auth, Retry retry, URI url, String bucket) {
        return new CloudStorage(http, auth, retry, url, CONCURRENCY, Optional.of(bucket));
    }
}
