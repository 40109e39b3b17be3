package cmek.client.project;

import cmek.client.http.GoogleAuth;
import cmek.client.http.GoogleRest;
import cmek.client.http.RestClients;
import cmek.client.http.Retry;
import cmek.config.CmekConfig;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Org Policy over HTTP. */
@Singleton
final class HttpOrgPolicyClient implements OrgPolicyClient {

    private final OrgPolicyHttp http;
    private final GoogleAuth credential;
    private final Retry retry;
    private final GoogleRest rest;
    private final URI url;

    @Inject
    HttpOrgPolicyClient(RestClients clients, GoogleAuth credential, Retry retry, CmekConfig config) {
        this.http = clients.client(OrgPolicyHttp.class, config.google().orgPolicyUrl());
        this.credential = credential;
        this.retry = retry;
        this.url = config.google().orgPolicyUrl();
        this.rest = new GoogleRest("Organization Policy", config.concurrency(), () -> credential.renew(url));
    }

    @Override
    public Lookup<EffectivePolicy> effective(String project, String constraint) {
        return BestEffortRead.read(
                retry,
                rest,
                "GetEffectivePolicy",
                "projects/" + project + "/policies/" + constraint,
                () -> http.getEffectivePolicy(credential.headerFor(url).orElse(null), project, constraint),
                json -> policy(constraint, json),
                // A constraint that does not exist here restricts nothing.
                Optional.of(new EffectivePolicy(constraint, List.of())));
    }

    private static EffectivePolicy policy(String constraint, JsonNode json) {
        List<EffectivePolicy.Rule> rules = new ArrayList<>();
        for (JsonNode rule : json.path("spec").path("rules")) {
            JsonNode values = rule.path("values");
            JsonNode parameters = rule.path("parameters");
            rules.add(new EffectivePolicy.Rule(
                    rule.hasNonNull("condition"),
                    rule.path("allowAll").asBoolean(),
                    rule.path("denyAll").asBoolean(),
                    rule.path("enforce").asBoolean(),
                    texts(values.path("allowedValues")),
                    texts(values.path("deniedValues")),
                    texts(parameters.path("allowedMemberSubjects")),
                    texts(parameters.path("allowedPrincipalSets"))));
        }
        return new EffectivePolicy(constraint, rules);
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new HashSet<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
