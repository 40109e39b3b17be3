package cmek.cli;

import cmek.client.http.GoogleAuth;
import cmek.client.http.GoogleHttp;
import cmek.client.http.Retry;
import cmek.client.pubsub.PubSubHttp;
import cmek.client.storage.EvidenceBucket;
import cmek.client.storage.EvidenceStorage;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the service is. Credentials are the application default ones, and none for a simulator at {@code http://}. */
final class ServiceOptions {

    @Option(
            names = "--project",
            paramLabel = "PROJECT",
            description = "project of the service (default: GOOGLE_CLOUD_PROJECT or CLOUDSDK_CORE_PROJECT)")
    private @Nullable String project;

    @Option(
            names = "--prefix",
            paramLabel = "PREFIX",
            description = "prefix of the names of the topics (default: CMEK_TOPICS_PREFIX or cmek-)")
    private @Nullable String prefix;

    @Option(
            names = "--bucket",
            paramLabel = "BUCKET",
            description = "evidence bucket (default: CMEK_EVIDENCE_BUCKET or PROJECT-PREFIXevidence)")
    private @Nullable String bucket;

    @Option(
            names = "--reports-bucket",
            paramLabel = "BUCKET",
            description = "bucket of the reports, if they have one of their own"
                    + " (default: CMEK_EVIDENCE_REPORTS_BUCKET or PROJECT-PREFIXreports)")
    private @Nullable String reportsBucket;

    /**
     * The service as a person reaches it.
     *
     * @param prefix of the names of the topics
     * @param reports the bucket in which finished reports are, unless they are with the rest of the evidence
     */
    record Service(
            String project,
            String prefix,
            String bucket,
            PubSubHttp pubsub,
            EvidenceStorage evidence,
            EvidenceStorage reports) {

        String topic(String name) {
            return prefix + name;
        }
    }

    /**
     * Connects to nothing yet.
     *
     * @throws Usage when it is not said which project
     */
    Service service(Surroundings surroundings) {
        Map<String, String> environment = surroundings.environment();
        String of = first(environment, project, "CMEK_GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT")
                .orElseThrow(() -> new Usage("--project is missing, and GOOGLE_CLOUD_PROJECT is not set"));
        String begin = first(environment, prefix, "CMEK_TOPICS_PREFIX").orElse("cmek-");
        String evidence = first(environment, bucket, "CMEK_EVIDENCE_BUCKET").orElse(of + "-" + begin + "evidence");
        String reports = first(environment, reportsBucket, "CMEK_EVIDENCE_REPORTS_BUCKET")
                .orElse(of + "-" + begin + "reports");
        GoogleHttp http = new GoogleHttp(GoogleHttp.REQUEST_AT_MOST);
        GoogleAuth auth = new GoogleAuth(http, URI.create("http://metadata.google.internal"));
        Retry retry = new Retry(
                surroundings.sleeper(), () -> ThreadLocalRandom.current().nextDouble());
        URI pubsub =
                url(environment, "PUBSUB_EMULATOR_HOST", "CMEK_GOOGLE_PUBSUB_URL", "https://pubsub.googleapis.com");
        URI storage =
                url(environment, "STORAGE_EMULATOR_HOST", "CMEK_GOOGLE_STORAGE_URL", "https://storage.googleapis.com");
        return new Service(
                of,
                begin,
                evidence,
                new PubSubHttp(http, auth, retry, pubsub, of),
                EvidenceBucket.open(http, auth, retry, storage, evidence),
                EvidenceBucket.open(http, auth, retry, storage, reports));
    }

    private static URI url(Map<String, String> environment, String emulator, String setting, String otherwise) {
        String url = first(environment, null, emulator, setting).orElse(otherwise);
        try {
            return URI.create(url.contains("://") ? url : "http://" + url);
        } catch (IllegalArgumentException e) {
            throw new Usage(url + " is not a URL");
        }
    }

    private static Optional<String> first(Map<String, String> environment, @Nullable String option, String... names) {
        if (option != null) {
            return Optional.of(option);
        }
        return Arrays.stream(names)
                .map(environment::get)
                .flatMap(value -> Optional.ofNullable(value).stream())
                .filter(value -> !value.isBlank())
                .findFirst();
    }
}
