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
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** IAM over HTTP. */
@Singleton
final class HttpIamRolesClient implements IamRolesClient {

    /** The name comes from a policy, which anybody may have written, and becomes a path. */
    private static final Pattern CUSTOM_ROLE =
            Pattern.compile("(?:projects/[a-z0-9.:-]+|organizations/[0-9]+)/roles/[A-Za-z0-9_.]{1,100}");

    private final IamRolesHttp http;
    private final GoogleAuth credential;
    private final Retry retry;
    private final GoogleRest rest;
    private final URI url;

    @Inject
    HttpIamRolesClient(RestClients clients, GoogleAuth credential, Retry retry, CmekConfig config) {
        this.http = clients.client(IamRolesHttp.class, config.google().iamUrl());
        this.credential = credential;
        this.retry = retry;
        this.url = config.google().iamUrl();
        this.rest = new GoogleRest("IAM", config.concurrency(), () -> credential.renew(url));
    }

    @Override
    public Lookup<Set<String>> permissions(String role) {
        if (!CUSTOM_ROLE.matcher(role).matches()) {
            return new Lookup.Unknown<>("the policy names a role that is neither predefined nor custom");
        }
        return BestEffortRead.read(
                retry,
                rest,
                "GetRole",
                role,
                () -> http.get(credential.headerFor(url).orElse(null), role),
                HttpIamRolesClient::permissions,
                Optional.empty());
    }

    private static Set<String> permissions(JsonNode role) {
        Set<String> permissions = new HashSet<>();
        if (!role.path("deleted").asBoolean()) {
            role.path("includedPermissions").forEach(permission -> permissions.add(permission.asText()));
        }
        return permissions;
    }
}
