package cmek.client.kms;

import cmek.client.http.GoogleAuth;
import cmek.client.http.GoogleHttp;
import cmek.client.http.InProcess;
import cmek.client.http.Retry;
import cmek.config.CmekConfig;
import cmek.simulator.Simulator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.api.gax.core.FixedExecutorProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.cloud.kms.v1.stub.HttpJsonKeyManagementServiceStub;
import com.google.cloud.kms.v1.stub.KeyManagementServiceStub;
import com.google.cloud.kms.v1.stub.KeyManagementServiceStubSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * Cloud KMS's client over a simulator in the same process, Google's own client included. Google's is made once and serves
 * all: it calls on the caller's own thread, which knows the simulator.
 */
public final class KeyManagements {

    private static final ThreadLocal<Simulator> CALLED = new ThreadLocal<>();
    private static final KeyManagementServiceStub STUB = stub();
    private static final GoogleHttp HTTP = new GoogleHttp(Duration.ofMinutes(10));

    private KeyManagements() {}

    public static KeyManagement over(Simulator wire, Retry retry, CmekConfig config) {
        GoogleAuth auth = new GoogleAuth(HTTP, config);
        KmsStub stub = new KmsStub(HTTP, auth, config) {
            @Override
            synchronized KeyManagementServiceStub get() {
                CALLED.set(wire);
                return STUB;
            }
        };
        return new CloudKms(stub, InProcess.client(IamHttp.class, wire), auth, retry, config);
    }

    /** A policy that passes for one just read: what a write without an etag would do. */
    public static KeyPolicy blind(KeyPolicy wanted, KeyPolicy current) {
        ObjectNode wire = wanted.toWire();
        wire.set("etag", current.toWire().path("etag"));
        return new KeyPolicy(wire);
    }

    private static KeyManagementServiceStub stub() {
        // Runs what it is given on the thread that gives it, so that the order of everything is the scheduler's.
        ScheduledThreadPoolExecutor here = new ScheduledThreadPoolExecutor(0) {
            @Override
            public void execute(Runnable command) {
                command.run();
            }
        };
        try {
            KeyManagementServiceStubSettings.Builder settings = KeyManagementServiceStubSettings.newHttpJsonBuilder()
                    .setTransportChannelProvider(
                            KeyManagementServiceStubSettings.defaultHttpJsonTransportProviderBuilder()
                                    .setEndpoint("http://kms.invalid")
                                    .setHttpTransport(InProcess.transport(
                                            call -> CALLED.get().answer(call)))
                                    .setExecutor(Runnable::run)
                                    .build())
                    .setBackgroundExecutorProvider(FixedExecutorProvider.create(here))
                    .setCredentialsProvider(NoCredentialsProvider.create());
            settings.applyToAllUnaryMethods(call -> {
                call.setSimpleTimeoutNoRetriesDuration(Duration.ofMinutes(10));
                return null;
            });
            return HttpJsonKeyManagementServiceStub.create(settings.build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
