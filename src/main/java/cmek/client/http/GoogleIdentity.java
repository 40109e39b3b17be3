package cmek.client.http;

import cmek.config.CmekConfig;
import cmek.finding.AnthropicFindings;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Arrays;

/** The function's own identity as others can check it: a JSON web token, signed by Google. */
@Singleton
public final class GoogleIdentity {

    private static final String OPERATION = "GET identity of the metadata server";

    /** What Anthropic takes at the most; a token of Google's is a tenth of that. */
    private static final int BYTES_AT_MOST = 16 * 1024;

    private final MetadataHttp http;

    /** Whoever needs a token fetches one for all. */
    private final GoogleRest rest = new GoogleRest("the metadata server", 1);

    @Inject
    GoogleIdentity(RestClients clients, CmekConfig config) {
        this(clients.client(MetadataHttp.class, config.google().metadataUrl()));
    }

    GoogleIdentity(MetadataHttp http) {
        this.http = http;
    }

    /**
     * A fresh identity token, to be wiped by the caller.
     *
     * @param audience whom it is for; nobody else should take it
     * @throws PermanentException when the function has no identity
     * @throws TransientException when the metadata server did not answer, or not with a token
     */
    public byte[] token(String audience) {
        HttpAnswer answer;
        try {
            // With format=full it names the account's address too, by which a rule may admit it.
            answer = rest.answer(OPERATION, () -> http.identity(audience, "full"), BYTES_AT_MOST + 1);
        } catch (GoogleRest.Failed e) {
            throw e.error().isPassing()
                    ? e.error().toException(OPERATION, "the function's identity")
                    : new PermanentException(
                            AnthropicFindings.noIdentity(e.error().inWords()));
        }
        byte[] token = answer.bytes();
        if (token.length > BYTES_AT_MOST || !isWebToken(token)) {
            Arrays.fill(token, (byte) 0);
            throw new TransientException(
                    Reason.GOOGLE_UNAVAILABLE, OPERATION + " was answered with something that is no token", null);
        }
        return token;
    }

    /** Three parts of base64url, and so nothing that could mean something else wherever it is written. */
    private static boolean isWebToken(byte[] token) {
        int dots = 0;
        boolean empty = true;
        for (byte letter : token) {
            if (letter == '.') {
                if (empty) {
                    return false;
                }
                dots++;
                empty = true;
            } else if (letter == '-'
                    || letter == '_'
                    || (letter >= '0' && letter <= '9')
                    || (letter >= 'A' && letter <= 'Z')
                    || (letter >= 'a' && letter <= 'z')) {
                empty = false;
            } else {
                return false;
            }
        }
        return dots == 2 && !empty;
    }
}
