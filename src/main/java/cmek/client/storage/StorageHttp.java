package cmek.client.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.client.http.GoogleHttp;
import cmek.client.http.HttpAnswer;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpContent;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestFactory;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import org.jspecify.annotations.Nullable;

/**
 * The Cloud Storage JSON API, v1, by the HTTP client that publishing loads anyway: every event uses both, and loading
 * another client's classes would take a sixth of a cold start on a JVM.
 */
final class StorageHttp {

    private final GoogleHttp google;
    private final HttpRequestFactory requests;
    private final String base;

    StorageHttp(GoogleHttp google, URI url) {
        this.google = google;
        this.requests = google.requests();
        this.base = GoogleHttp.base(url);
    }

    HttpAnswer read(
            @Nullable String authorization,
            @Nullable String range,
            String bucket,
            String name,
            @Nullable Long generation)
            throws IOException {
        GenericUrl url = url("storage/v1/b/" + encoded(bucket) + "/o/" + encoded(name) + "?alt=media");
        add(url, "ifGenerationMatch", generation);
        HttpRequest request = requests.buildGetRequest(url);
        request.getHeaders().setRange(range);
        return send(authorization, request);
    }

    HttpAnswer list(
            @Nullable String authorization, String bucket, String prefix, String fields, @Nullable String pageToken)
            throws IOException {
        GenericUrl url = url("storage/v1/b/" + encoded(bucket) + "/o");
        add(url, "prefix", prefix);
        add(url, "fields", fields);
        add(url, "pageToken", pageToken);
        return send(authorization, requests.buildGetRequest(url));
    }

    HttpAnswer write(@Nullable String authorization, String bucket, String name, long generation, HttpContent content)
            throws IOException {
        GenericUrl url = url("upload/storage/v1/b/" + encoded(bucket) + "/o?uploadType=media");
        add(url, "name", name);
        add(url, "ifGenerationMatch", generation);
        return send(authorization, requests.buildPostRequest(url, content));
    }

    private HttpAnswer send(@Nullable String authorization, HttpRequest request) throws IOException {
        request.getHeaders().setAuthorization(authorization);
        return google.send(request);
    }

    private GenericUrl url(String path) {
        return new GenericUrl(base + "/" + path, true);
    }

    private static void add(GenericUrl url, String name, @Nullable Object value) {
        if (value != null) {
            url.put(name, encoded(value.toString()));
        }
    }

    private static String encoded(String value) {
        // A form's encoding, except for the space.
        return URLEncoder.encode(value, UTF_8).replace("+", "%20");
    }
}
