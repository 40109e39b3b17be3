package cmek.client.anthropic;

import static java.nio.charset.StandardCharsets.US_ASCII;

import cmek.client.http.GoogleAuth;
import cmek.client.http.HttpAnswer;
import cmek.client.http.RestAnswer;
import cmek.client.http.Secret;
import cmek.config.CmekConfig;
import cmek.finding.AnthropicFindings;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.OrganizationId;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges the function's own Google identity for a token of Anthropic's.
 *
 * <p>Anthropic's token is never a {@code String} here, and every array that held it or the request is wiped. Copies that
 * Google's library and the REST client make are out of our reach until the garbage is collected.
 *
 * @see <a href="https://platform.claude.com/docs/en/manage-claude/wif-providers/gcp">WIF with Google Cloud</a>
 */
final class TokenExchange {

    /** The audience that the federation rule at Anthropic requires, even if the requests go through a proxy. */
    static final String AUDIENCE = "https://api.anthropic.com";

    private static final Logger LOG = Logger.getLogger(TokenExchange.class);
    private static final String OPERATION = "POST /v1/oauth/token";
    private static final Pattern BEARER = Pattern.compile("bearer", Pattern.CASE_INSENSITIVE);
    private static final int TOKEN_AT_MOST = 16 * 1024;
    private static final Duration LIFETIME_AT_MOST = Duration.ofDays(1);

    /** Without the buffer pool, which would keep a token's text for the lifetime of the thread. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final GoogleAuth google;
    private final TokenHttp http;
    private final String otherFields;
    private final Clock clock;

    TokenExchange(
            GoogleAuth google,
            TokenHttp http,
            CmekConfig.Federation federation,
            OrganizationId organization,
            Clock clock) {
        this.google = google;
        this.http = http;
        this.clock = clock;
        String fields = JsonNodeFactory.instance
                .objectNode()
                .put("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
                .put("federation_rule_id", federation.ruleId().orElseThrow())
                .put("organization_id", organization.value())
                .put("service_account_id", federation.serviceAccountId().orElseThrow())
                .toString();
        this.otherFields = fields.substring(1);
    }

    /**
     * A new token. Nothing is retried here; the caller knows whether its own call may be.
     *
     * @throws PermanentException when there is no identity token, or Anthropic refuses the exchange
     * @throws TransientException when either side did not answer, or not with a token
     */
    AnthropicToken exchange() {
        byte[] body = body();
        try {
            // Taken before the request: the token's lifetime begins after it.
            Instant asked = clock.instant();
            HttpAnswer answer;
            try {
                answer = RestAnswer.to(() -> http.exchange(body));
            } catch (IOException e) {
                throw unavailable("was not answered: " + e.getMessage());
            }
            LOG.debugf("%s -> %d", OPERATION, answer.status());
            try {
                return read(answer, asked);
            } finally {
                Arrays.fill(answer.bytes(), (byte) 0);
            }
        } finally {
            Arrays.fill(body, (byte) 0);
        }
    }

    private byte[] body() {
        // Not by a JSON writer, whose pooled buffers would keep the token. A web token needs no escaping.
        return ("{\"assertion\":\"" + google.identityToken(AUDIENCE) + "\"," + otherFields).getBytes(US_ASCII);
    }

    private static AnthropicToken read(HttpAnswer answer, Instant asked) {
        if (!answer.isSuccess()) {
            AdminApiError error = AdminApiError.ofExchange(answer);
            if (!error.isOfTheAdminApi()) {
                throw error.toUnavailable(OPERATION);
            }
            throw switch (answer.status()) {
                // Which condition of the rule was not met is only in Anthropic's own log.
                case 400, 401, 403 ->
                    new PermanentException(
                            AnthropicFindings.exchangeRefused(error.text()),
                            error.requestId().orElse(null));
                default -> error.toException(OPERATION);
            };
        }
        Secret token = null;
        boolean bearer = true;
        long seconds = 0;
        try (JsonParser json = JSON.createParser(answer.bytes())) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw unreadable();
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals("access_token") && value == JsonToken.VALUE_STRING) {
                    token = token(json).orElse(null);
                } else if (name.equals("token_type") && value == JsonToken.VALUE_STRING) {
                    bearer = BEARER.matcher(json.getText()).matches();
                } else if (name.equals("expires_in")) {
                    seconds = json.getValueAsLong();
                }
                json.skipChildren();
            }
        } catch (IOException e) {
            // Not passed on: it may quote the answer.
            wipe(token);
            throw unreadable();
        }
        if (token == null || !bearer) {
            wipe(token);
            throw unreadable();
        }
        long lifetime = Math.min(Math.max(seconds, 0), LIFETIME_AT_MOST.toSeconds());
        return AnthropicToken.of(token, asked, Duration.ofSeconds(lifetime));
    }

    /** A token of visible characters only, so that it cannot end its header. */
    private static Optional<Secret> token(JsonParser json) throws IOException {
        char[] text = json.getTextCharacters();
        int from = json.getTextOffset();
        int length = json.getTextLength();
        try {
            if (length == 0 || length > TOKEN_AT_MOST) {
                return Optional.empty();
            }
            byte[] value = new byte[length];
            for (int i = 0; i < length; i++) {
                char letter = text[from + i];
                if (letter < '!' || letter > '~') {
                    Arrays.fill(value, (byte) 0);
                    return Optional.empty();
                }
                value[i] = (byte) letter;
            }
            return Optional.of(Secret.keeping(value));
        } finally {
            Arrays.fill(text, from, from + length, '\0');
        }
    }

    private static void wipe(@Nullable Secret token) {
        if (token != null) {
            token.wipe();
        }
    }

    private static TransientException unreadable() {
        return unavailable("was answered with something that cannot be read");
    }

    private static TransientException unavailable(String what) {
        return new TransientException(Reason.ANTHROPIC_UNAVAILABLE, OPERATION + " " + what, null);
    }
}
