package cmek.client.project;

import cmek.client.http.GoogleAuth;
import cmek.client.http.GoogleRest;
import cmek.client.http.RestClients;
import cmek.client.http.Retry;
import cmek.config.CmekConfig;
import cmek.model.SafeText;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Deny policies over HTTP. */
@Singleton
final class HttpDenyPolicyClient implements DenyPolicyClient {

    private static final String LIST = "ListPolicies";
    private static final int PAGE_SIZE = 1000;

    /** Google allows 500 deny policies in an organization. */
    private static final int PAGES_AT_MOST = 5;

    private static final Pattern ID = Pattern.compile("[a-z0-9.-]{1,63}");

    private final DenyPolicyHttp http;
    private final GoogleAuth credential;
    private final Retry retry;
    private final GoogleRest rest;
    private final URI url;

    @Inject
    HttpDenyPolicyClient(RestClients clients, GoogleAuth credential, Retry retry, CmekConfig config) {
        this.http = clients.client(DenyPolicyHttp.class, config.google().iamUrl());
        this.credential = credential;
        this.retry = retry;
        this.url = config.google().iamUrl();
        this.rest = new GoogleRest("IAM", config.concurrency(), () -> credential.renew(url));
    }

    /** One page of a list. */
    private record Page(List<String> ids, boolean legible, Optional<String> next) {}

    @Override
    public Lookup<List<String>> attachedTo(String resource) {
        List<String> ids = new ArrayList<>();
        String token = null;
        for (int page = 0; page < PAGES_AT_MOST; page++) {
            Lookup<Page> answer = page(resource, token);
            if (answer instanceof Lookup.Unknown<Page> unknown) {
                return new Lookup.Unknown<>(unknown.why());
            }
            if (answer instanceof Lookup.Known<Page> known) {
                if (!known.value().legible()) {
                    return new Lookup.Unknown<>(LIST + " was answered with something that cannot be read");
                }
                ids.addAll(known.value().ids());
                if (known.value().next().isEmpty()) {
                    return new Lookup.Known<>(ids);
                }
                token = known.value().next().get();
            }
        }
        return new Lookup.Unknown<>(LIST + " on " + resource + " has no end");
    }

    private Lookup<Page> page(String resource, @Nullable String token) {
        return BestEffortRead.read(
                retry,
                rest,
                LIST,
                resource,
                () -> http.list(authorization(), attachmentPoint(resource), PAGE_SIZE, token),
                HttpDenyPolicyClient::page,
                Optional.empty());
    }

    @Override
    public Lookup<Optional<DenyPolicy>> policy(String resource, String id) {
        return BestEffortRead.read(
                retry,
                rest,
                "GetPolicy",
                resource + "/denypolicies/" + id,
                () -> http.get(authorization(), attachmentPoint(resource), id),
                json -> Optional.of(policy(resource, id, json)),
                Optional.of(Optional.empty()));
    }

    // --- what is on the wire -------------------------------------------------------------------------------------

    private static String attachmentPoint(String resource) {
        return "cloudresourcemanager.googleapis.com%2F" + resource.replace("/", "%2F");
    }

    /** A name ends in the policy's id; what comes before it may name the project by its number. */
    private static Page page(JsonNode json) {
        List<String> ids = new ArrayList<>();
        boolean legible = true;
        for (JsonNode policy : json.path("policies")) {
            String name = policy.path("name").asText("");
            String id = name.substring(name.lastIndexOf('/') + 1);
            legible &= ID.matcher(id).matches();
            ids.add(id);
        }
        return new Page(
                ids, legible, Optional.of(json.path("nextPageToken").asText("")).filter(token -> !token.isEmpty()));
    }

    private static DenyPolicy policy(String resource, String id, JsonNode json) {
        List<DenyPolicy.Rule> rules = new ArrayList<>();
        for (JsonNode rule : json.path("rules")) {
            JsonNode deny = rule.path("denyRule");
            rules.add(new DenyPolicy.Rule(
                    texts(deny.path("deniedPrincipals")),
                    texts(deny.path("exceptionPrincipals")),
                    texts(deny.path("deniedPermissions")),
                    texts(deny.path("exceptionPermissions")),
                    condition(deny.path("denialCondition"))));
        }
        return new DenyPolicy(resource, id, rules);
    }

    private static Optional<String> condition(JsonNode condition) {
        String expression = condition.path("expression").asText("");
        String title = condition.path("title").asText("");
        return expression.isEmpty()
                ? Optional.empty()
                : Optional.of(SafeText.sanitize(title.isEmpty() ? expression : title, 100));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private @Nullable String authorization() {
        return credential.headerFor(url).orElse(null);
    }
}
