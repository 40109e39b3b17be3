package cmek.client.http;

import cmek.finding.Reason;
import cmek.finding.TransientException;
import com.google.api.gax.core.CredentialsProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The function's own identity at Google: application default credentials, loaded when first needed. Never sent to an
 * {@code http://} URL, which can only be a simulator.
 */
@Singleton
public final class GoogleCredential {

    private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

    private @Nullable GoogleCredentials found;

    /** For Google's own client libraries. */
    public CredentialsProvider providerFor(URI url) {
        return isSecure(url) ? this::credentials : NoCredentialsProvider.create();
    }

    /**
     * The value of the {@code authorization} header; empty where no credential may be sent.
     *
     * @throws TransientException when credentials do not exist or are not available now
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

    private synchronized Credentials credentials() throws IOException {
        GoogleCredentials credentials = found;
        if (credentials == null) {
            credentials = GoogleCredentials.getApplicationDefault().createScoped(SCOPE);
            found = credentials;
        }
        return credentials;
    }

    private static boolean isSecure(URI url) {
        return "https".equals(url.getScheme());
    }
}
