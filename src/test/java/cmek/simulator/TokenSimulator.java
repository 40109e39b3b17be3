package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Anthropic's token endpoint, with one federation rule: who has an identity token that meets it gets a short-lived token
 * for the Admin API. Every refusal but that of a malformed request is the same 401, which does not say why.
 *
 * @see <a href="https://platform.claude.com/docs/en/manage-claude/wif-reference">WIF reference</a>
 */
public final class TokenSimulator implements Simulator {

    /** The rule that is there from the start. */
    public static final String RULE = "fdrl_01SimulatedRule";

    /** Anthropic's service account that the rule is for. */
    public static final String SERVICE_ACCOUNT = "svac_01SimulatedAccount";

    static final String PATH = "/v1/oauth/token";

    private static final String API = "token";
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final String AUDIENCE = "https://api.anthropic.com";
    private static final int ASSERTION_AT_MOST = 16 * 1024;
    private static final Set<String> FIELDS =
            Set.of("grant_type", "assertion", "federation_rule_id", "organization_id", "service_account_id");
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Journal journal;
    private final InstantSource clock;
    private final String organizationId;
    private final Supplier<PublicKey> google;
    private final Map<String, Instant> expiries = new LinkedHashMap<>();
    private Duration lifetime = Duration.ofMinutes(10);
    private String admitted = MetadataSimulator.SUBJECT;

    /**
     * One organization's rule.
     *
     * @param google what Google's identity tokens are signed with
     */
    public TokenSimulator(Journal journal, InstantSource clock, String organizationId, Supplier<PublicKey> google) {
        this.journal = journal;
        this.clock = clock;
        this.organizationId = organizationId;
        this.google = google;
    }

    /** A request that cannot even be checked. */
    private static final class Malformed extends Exception {

        private static final long serialVersionUID = 1;
    }

    /** The rule's subject: the unique id of whom it admits. */
    public synchronized TokenSimulator admit(String subject) {
        admitted = subject;
        return this;
    }

    /** How long the next tokens live. */
    public synchronized TokenSimulator lifetime(Duration ofTokens) {
        lifetime = ofTokens;
        return this;
    }

    /** Whether the Admin API takes a token. */
    public synchronized boolean isGood(String token) {
        Instant expiry = expiries.get(token);
        return expiry != null && clock.instant().isBefore(expiry);
    }

    /** Takes every token back that was given out. */
    public synchronized void revokeAll() {
        expiries.replaceAll((token, expiry) -> Instant.MIN);
    }

    /** Every token that was given out, oldest first. */
    public synchronized List<String> issued() {
        return List.copyOf(expiries.keySet());
    }

    @Override
    public synchronized Reply answer(Call call) {
        Reply reply;
        try {
            reply = isMet(request(call)) ? granted() : refused(401, "invalid_grant");
        } catch (Malformed e) {
            reply = refused(400, "invalid_request");
        }
        journal.add(new Journal.Entry(API, call.method() + " " + call.path(), false, reply.status()));
        return reply.withHeader("request-id", "req_token" + journal.entries().size());
    }

    private static JsonNode request(Call call) throws Malformed {
        JsonNode body;
        try {
            body = JSON.readTree(call.body());
        } catch (IOException e) {
            throw new Malformed();
        }
        Set<String> fields = new TreeSet<>();
        body.fieldNames().forEachRemaining(fields::add);
        boolean wellFormed = call.method().equals("POST")
                && call.header("content-type").orElse("").startsWith("application/json")
                && call.header("anthropic-beta").orElse("").contains("oidc-federation-2026-04-01")
                && call.header("x-api-key").isEmpty()
                && call.header("authorization").isEmpty()
                && fields.equals(FIELDS)
                && body.path("grant_type").asText().equals(GRANT)
                && body.path("assertion").asText().length() <= ASSERTION_AT_MOST
                && body.path("federation_rule_id").asText().startsWith("fdrl_")
                && body.path("service_account_id").asText().startsWith("svac_");
        if (!wellFormed) {
            throw new Malformed();
        }
        return body;
    }

    private boolean isMet(JsonNode request) {
        String[] parts = request.path("assertion").asText().split("\\.", -1);
        if (parts.length != 3 || !isSigned(parts)) {
            return false;
        }
        JsonNode claims;
        try {
            claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
        } catch (IOException e) {
            return false;
        }
        return claims.path("iss").asText().equals(MetadataSimulator.ISSUER)
                && claims.path("aud").asText().equals(AUDIENCE)
                && claims.path("sub").asText().equals(admitted)
                && claims.path("email_verified").asBoolean()
                && claims.path("exp").asLong() > clock.instant().getEpochSecond()
                && request.path("federation_rule_id").asText().equals(RULE)
                && request.path("service_account_id").asText().equals(SERVICE_ACCOUNT)
                && request.path("organization_id").asText().equals(organizationId);
    }

    private boolean isSigned(String[] parts) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(google.get());
            signature.update((parts[0] + "." + parts[1]).getBytes(UTF_8));
            return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private Reply granted() {
        byte[] random = new byte[32];
        RANDOM.nextBytes(random);
        String token = "sk-ant-oat01-" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        expiries.put(token, clock.instant().plus(lifetime));
        return Reply.json(
                200,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("access_token", token)
                        .put("token_type", "Bearer")
                        .put("expires_in", lifetime.toSeconds())
                        .put("scope", "org:admin")
                        .toString());
    }

    private static Reply refused(int status, String error) {
        return Reply.json(status, "{\"error\":\"" + error + "\"}");
    }
}
