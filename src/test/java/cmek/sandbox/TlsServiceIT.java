package cmek.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.onboarding.Step;
import cmek.simulator.SelfSigned;
import cmek.simulator.SimulatorServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service asks an Admin API over TLS: one that it was told to trust, and no other. */
class TlsServiceIT {

    private static final String REQUEST = """
            {"requestId":"tls","mode":"provision",
             "key":{"project":"acme-kms-prod","location":"us-east5","keyRing":"tls","name":"tls"}}
            """;

    private static final String BY_NAME = "https://localhost:";
    private static final String BY_ADDRESS = "https://127.0.0.1:";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit does it.
    private Path folder;

    /** Has a request onboarded by a service whose Anthropic shows one certificate, and which was told to trust others. */
    private void onboarded(
            String name, String url, SelfSigned shown, List<SelfSigned> trusted, Consumer<Deployment> outcome) {
        List<SimulatorServer> anthropic = new ArrayList<>();
        try (Service service = Service.start(getClass().getSimpleName() + "-" + name, new InTheSandbox(), apis -> {
            anthropic.add(SimulatorServer.start(apis.anthropic(), shown));
            Map<String, String> settings = new HashMap<>();
            settings.put("cmek.anthropic.base-url", url + anthropic.get(0).port());
            trusted.forEach(certificate -> settings.put(
                    "quarkus.tls.trust-store.pem.certs",
                    certificate.writePem(folder.resolve("trusted.pem")).toString()));
            return settings;
        })) {
            service.deployment().begin(service.port());
            outcome.accept(service.deployment());
        } finally {
            anthropic.forEach(SimulatorServer::close);
        }
    }

    private static void goesWell(Deployment deployment) {
        List<Results.Published> results = deployment.onboard(REQUEST);

        assertThat(results.get(results.size() - 1).status()).isEqualTo("VALIDATED");
        assertThat(deployment.apis().journal().writesTo("admin")).hasSize(1);
    }

    /** As an Admin API that is not there: retried later, and until then nothing is asked of it and nothing written. */
    private static void isPutOff(Deployment deployment) {
        deployment.publish(Step.ONBOARD, REQUEST);

        assertThat(deployment.logs(
                        "checkPrerequisites will be retried: ANTHROPIC_UNAVAILABLE, ", Duration.ofMinutes(1)))
                .isTrue();
        assertThat(deployment.log()).contains("SSLHandshakeException");
        assertThat(deployment.apis().journal().entries())
                .noneMatch(entry -> entry.apis().equals("admin"));
        assertThat(deployment.apis().journal().writesTo("kms")).isEmpty();
    }

    @Test
    void anAdminApiWhoseCertificateIsTrustedIsAsked() {
        SelfSigned certificate = SelfSigned.in(folder);

        onboarded("trusted", BY_NAME, certificate, List.of(certificate), TlsServiceIT::goesWell);
    }

    @Test
    void anAdminApiForWhomNobodyVouchesIsNotAsked() {
        onboarded("unknown", BY_NAME, SelfSigned.in(folder), List.of(), TlsServiceIT::isPutOff);
    }

    @Test
    void trustInOneCertificateIsNoneInAnother() {
        onboarded("another", BY_NAME, SelfSigned.in(folder), List.of(SelfSigned.in(folder)), TlsServiceIT::isPutOff);
    }

    @Test
    void aTrustedCertificateOfAnotherNameIsNone() {
        SelfSigned certificate = SelfSigned.in(folder);

        onboarded("misnamed", BY_ADDRESS, certificate, List.of(certificate), TlsServiceIT::isPutOff);
    }
}
