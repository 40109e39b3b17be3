package cmek.client.project;

import cmek.client.http.GoogleAuth;
import cmek.client.http.GoogleError;
import cmek.client.http.GoogleRest;
import cmek.client.http.HttpAnswer;
import cmek.client.http.RestClients;
import cmek.client.http.Retry;
import cmek.config.CmekConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;

/** Service Usage over HTTP. */
@Singleton
final class HttpServiceUsageClient implements ServiceUsageClient {

    private static final String KMS = "cloudkms.googleapis.com";

    private final ServiceUsageHttp serviceUsage;
    private final GoogleAuth credential;
    private final Retry retry;
    private final GoogleRest rest;
    private final URI url;

    @Inject
    HttpServiceUsageClient(RestClients clients, GoogleAuth credential, Retry retry, CmekConfig config) {
        this.serviceUsage =
                clients.client(ServiceUsageHttp.class, config.google().serviceUsageUrl());
        this.credential = credential;
        this.retry = retry;
        this.url = config.google().serviceUsageUrl();
        this.rest = new GoogleRest("Service Usage", config.concurrency(), () -> credential.renew(url));
    }

    @Override
    public State cloudKms(String project) {
        return retry.repeatable(() -> {
            try {
                return state(rest.answer(
                        "GetService",
                        () -> serviceUsage.get(credential.headerFor(url).orElse(null), project, KMS)));
            } catch (GoogleRest.Failed e) {
                return stateAfter(e.error(), project);
            }
        });
    }

    private static State state(HttpAnswer answer) {
        String word = answer.json().map(json -> json.path("state").asText("")).orElse("");
        return switch (word) {
            case "ENABLED" -> State.ENABLED;
            case "DISABLED" -> State.DISABLED;
            default -> State.UNKNOWN;
        };
    }

    /** A read that is not permitted, or an API that is itself disabled, says nothing about Cloud KMS. */
    private static State stateAfter(GoogleError error, String project) {
        if (error.isPassing()) {
            throw error.toException("GetService", "projects/" + project);
        }
        return State.UNKNOWN;
    }
}
