package cmek.client.kms;

import cmek.client.http.GoogleAuth;
import cmek.client.http.GoogleHttp;
import cmek.config.CmekConfig;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import com.google.cloud.kms.v1.stub.HttpJsonKeyManagementServiceStub;
import com.google.cloud.kms.v1.stub.KeyManagementServiceStub;
import com.google.cloud.kms.v1.stub.KeyManagementServiceStubSettings;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Google's client of Cloud KMS, created when it is first needed: a function that never uses it must start without it.
 */
@Singleton
class KmsStub {

    private final GoogleHttp http;
    private final GoogleAuth credential;
    private final URI url;
    private @Nullable KeyManagementServiceStub made;

    @Inject
    KmsStub(GoogleHttp http, GoogleAuth credential, CmekConfig config) {
        this.http = http;
        this.credential = credential;
        this.url = config.google().kmsUrl();
    }

    synchronized KeyManagementServiceStub get() {
        KeyManagementServiceStub stub = made;
        if (stub == null) {
            stub = make();
            made = stub;
        }
        return stub;
    }

    @PreDestroy
    synchronized void close() {
        if (made != null) {
            made.close();
        }
    }

    private KeyManagementServiceStub make() {
        try {
            KeyManagementServiceStubSettings.Builder settings = KeyManagementServiceStubSettings.newHttpJsonBuilder()
                    .setTransportChannelProvider(http.channel(
                            KeyManagementServiceStubSettings.defaultHttpJsonTransportProviderBuilder(), url))
                    .setCredentialsProvider(credential.providerFor(url));
            settings.applyToAllUnaryMethods(http::timeOut);
            return HttpJsonKeyManagementServiceStub.create(settings.build());
        } catch (IOException e) {
            throw new TransientException(Reason.GOOGLE_UNAVAILABLE, "the client of Cloud KMS cannot be created now", e);
        }
    }
}
