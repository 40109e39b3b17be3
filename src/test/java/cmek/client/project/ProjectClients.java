package cmek.client.project;

import cmek.client.http.GoogleAuth;
import cmek.client.http.GoogleHttp;
import cmek.client.http.InProcess;
import cmek.client.http.RestClients;
import cmek.client.http.Retry;
import cmek.config.CmekConfig;
import cmek.simulator.Simulator;
import io.quarkus.tls.TlsConfigurationRegistry;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** All clients of this package over a simulator in the same process. */
public record ProjectClients(
        ResourceManagerClient resources,
        OrgPolicyClient orgPolicies,
        DenyPolicyClient denyPolicies,
        IamRolesClient roles,
        ServiceUsageClient services) {

    private static final GoogleHttp HTTP = new GoogleHttp(Duration.ofSeconds(1));

    /** Nothing is configured for connections that nobody makes. */
    private static final TlsConfigurationRegistry WITHOUT_TLS = (TlsConfigurationRegistry) Proxy.newProxyInstance(
            ProjectClients.class.getClassLoader(),
            new Class<?>[] {TlsConfigurationRegistry.class},
            (self, method, arguments) -> Optional.empty());

    public static ProjectClients over(Simulator wire, Retry retry, CmekConfig config) {
        RestClients clients = new InTheProcess(wire);
        GoogleAuth auth = new GoogleAuth(HTTP, config);
        return new ProjectClients(
                new HttpResourceManagerClient(clients, auth, retry, config),
                new HttpOrgPolicyClient(clients, auth, retry, config),
                new HttpDenyPolicyClient(clients, auth, retry, config),
                new HttpIamRolesClient(clients, auth, retry, config),
                new HttpServiceUsageClient(clients, auth, retry, config));
    }

    private static final class InTheProcess extends RestClients {

        private final Simulator wire;

        InTheProcess(Simulator wire) {
            super(WITHOUT_TLS, Duration.ZERO, Duration.ZERO, Duration.ZERO);
            this.wire = wire;
        }

        @Override
        public <T> T client(Class<T> api, URI url) {
            return InProcess.client(api, wire);
        }
    }
}
