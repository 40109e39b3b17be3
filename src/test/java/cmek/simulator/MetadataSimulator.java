package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The metadata server of a machine whose functions run as one service account, and Google's key behind it: the identity
 * tokens are real ones but for who signs them.
 *
 * @see <a href="https://cloud.google.com/docs/authentication/get-id-token#metadata-server">Identity tokens</a>
 */
public final class MetadataSimulator implements Simulator {

    /** Who issues the tokens. */
    public static final String ISSUER = "https://accounts.google.com";

    /** The unique id of the functions' service account. */
    public static final String SUBJECT = "117000000000000000042";

    private static final String API = "metadata";
    private static final String ACCOUNT = "cmek-functions@cmek-sandbox.iam.gserviceaccount.com";
    private static final String IDENTITY = "/computeMetadata/v1/instance/service-accounts/default/identity";
    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final Journal journal;
    private final InstantSource clock;
    private final List<String> issued = new CopyOnWriteArrayList<>();

    public MetadataSimulator(Journal journal, InstantSource clock) {
        this.journal = journal;
        this.clock = clock;
    }

    @Override
    public Reply answer(Call call) {
        Reply reply = reply(call).withHeader("metadata-flavor", "Google");
        journal.add(new Journal.Entry(API, call.method() + " " + call.path(), false, reply.status()));
        return reply;
    }

    /** What the tokens are signed with, as Google publishes it. */
    public PublicKey publicKey() {
        return Keys.ONCE.getPublic();
    }

    /** Every token that was given out. */
    public List<String> issued() {
        return List.copyOf(issued);
    }

    private Reply reply(Call call) {
        if (!call.header("metadata-flavor").orElse("").equals("Google")
                || call.header("x-forwarded-for").isPresent()) {
            return text(403, "Your client does not have permission to get URL " + call.path() + " from this server.");
        }
        if (!call.method().equals("GET") || !call.path().equals(IDENTITY)) {
            return text(404, "The requested URL was not found on this server.");
        }
        String audience = call.parameter("audience").orElse("");
        if (audience.isEmpty()) {
            return text(400, "non-empty audience parameter required");
        }
        String token = token(audience, call.parameter("format").orElse("standard"));
        issued.add(token);
        return text(200, token);
    }

    private String token(String audience, String format) {
        long now = clock.instant().getEpochSecond();
        ObjectNode claims = JsonNodeFactory.instance
                .objectNode()
                .put("aud", audience)
                .put("azp", SUBJECT)
                .put("exp", now + LIFETIME.toSeconds())
                .put("iat", now)
                .put("iss", ISSUER)
                .put("sub", SUBJECT);
        if (format.equals("full")) {
            claims.put("email", ACCOUNT).put("email_verified", true);
        }
        String signed =
                part("{\"alg\":\"RS256\",\"kid\":\"simulated\",\"typ\":\"JWT\"}") + "." + part(claims.toString());
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(Keys.ONCE.getPrivate());
            signature.update(signed.getBytes(UTF_8));
            return signed + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Made when first needed, and once a process: making one takes longer than all the rest of a test. */
    private static final class Keys {

        private static final KeyPair ONCE = make();

        private static KeyPair make() {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(2048);
                return generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String part(String json) {
        return BASE64.encodeToString(json.getBytes(UTF_8));
    }

    private static Reply text(int status, String text) {
        return new Reply(status, Map.of("content-type", "text/html"), text.getBytes(UTF_8));
    }
}
