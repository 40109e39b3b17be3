package cmek.client.http;

import cmek.config.CmekConfig;
import cmek.finding.AnthropicFindings;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import com.google.api.client.http.HttpTransport;
import com.google.api.gax.core.CredentialsProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.auth.Credentials;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdTokenProvider;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The function's own identity at Google. For Google's APIs these are the application default credentials, looked up when
 * first needed and never sent to an {@code http://} URL, which can only be a simulator. For others it is an identity token.
 */
@Singleton
public final class GoogleAuth {

    private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

    /** What Anthropic accepts at most; a token of Google's has a tenth of that. */
    private static final int MAX_IDENTITY_TOKEN = 16 * 1024;

    private static final Pattern WEB_TOKEN = Pattern.compile("[\\w-]+\\.[\\w-]+\\.[\\w-]+");

    private final HttpTransport metadata;
    private final HttpTransport transport;
    private final ReentrantLock lookingUp = new ReentrantLock();
    private @Nullable GoogleCredentials found;

    @Inject
    public GoogleAuth(GoogleHttp http, CmekConfig config) {
        this(http, config.google().metadataUrl());
    }

    /**
     * For whoever has no settings of the service.
     *
     * @param metadataUrl the metadata server
     */
    public GoogleAuth(GoogleHttp http, URI metadataUrl) {
        this.metadata = new MetadataTransport(http, metadataUrl);
        this.transport = http.transport();
    }

    /** For Google's own client libraries. */
    public CredentialsProvider providerFor(URI url) {
        return isSecure(url) ? this::credentials : NoCredentialsProvider.create();
    }

    /**
     * The value of the {@code authorization} header; empty where no credential may be sent.
     *
     * @throws TransientException when there are no credentials, or they are not available now
     */
    public Optional<String> headerFor(URI url) {
        if (!isSecure(url)) {
            return Optional.empty();
        }
        try {
            List<String> header = credentials().getRequestMetadata(url).get("Authorization");
            return Optional.ofNullable(header).map(values -> values.get(0));
        } catch (IOException e) {
            throw new TransientException(
                    Reason.GOOGLE_UNAVAILABLE, "application default credentials are not available now", e);
        }
    }

    /**
     * Has the access token renewed: Google did not accept the present one, whatever its expiry says.
     *
     * @throws TransientException when it cannot be renewed now
     */
    public void renew(URI url) {
        if (!isSecure(url)) {
            return;
        }
        try {
            credentials().refresh();
        } catch (IOException e) {
            throw new TransientException(
                    Reason.GOOGLE_UNAVAILABLE, "application default credentials cannot be renewed now", e);
        }
    }

    /**
     * A new identity token: a JSON web token that Google signed, with which the function shows others who it is.
     *
     * @param audience the one service that should accept it
     * @throws PermanentException when the function has no identity
     * @throws TransientException when the metadata server did not answer, or not with a token
     */
    public String identityToken(String audience) {
        String token;
        try {
            // The full format also names the account's email address, which a federation rule may require.
            token = ComputeEngineCredentials.newBuilder()
                    .setHttpTransportFactory(() -> metadata)
                    .build()
                    .idTokenWithAudience(audience, List.of(IdTokenProvider.Option.FORMAT_FULL))
                    .getTokenValue();
        } catch (IOException e) {
            throw e.getCause() instanceof GoogleRest.Failed failed ? noIdentity(failed.error()) : notAToken();
        } catch (IllegalArgumentException | NullPointerException e) {
            // Thrown for an answer that is not a web token. Not passed on: it may quote the answer.
            throw notAToken();
        }
        if (token.length() > MAX_IDENTITY_TOKEN || !WEB_TOKEN.matcher(token).matches()) {
            throw notAToken();
        }
        return token;
    }

    private static RuntimeException noIdentity(GoogleError error) {
        return error.isPassing()
                ? error.toException(MetadataTransport.OPERATION, "the function's identity")
                : new PermanentException(AnthropicFindings.noIdentity(error.inWords()));
    }

    private static TransientException notAToken() {
        return new TransientException(
                Reason.GOOGLE_UNAVAILABLE,
                MetadataTransport.OPERATION + " was answered with something that is not a token",
                null);
    }

    private Credentials credentials() throws IOException {
        boolean locked = false;
        try {
            // Whoever looks for them makes a few calls, each of which ends in time.
            locked = lookingUp.tryLock(
                    Deadline.atMost(GoogleHttp.REQUEST_AT_MOST).toNanos(), TimeUnit.NANOSECONDS);
            if (!locked) {
                throw new IOException("another thread is looking for the credentials");
            }
            GoogleCredentials credentials = found;
            if (credentials == null) {
                credentials =
                        GoogleCredentials.getApplicationDefault(() -> transport).createScoped(SCOPE);
                found = credentials;
            }
            return credentials;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        } finally {
            if (locked) {
                lookingUp.unlock();
            }
        }
    }

    private static boolean isSecure(URI url) {
        return "https".equals(url.getScheme());
    }
}
