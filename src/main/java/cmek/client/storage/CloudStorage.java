package cmek.client.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.client.http.GoogleAuth;
import cmek.client.http.GoogleHttp;
import cmek.client.http.GoogleRest;
import cmek.client.http.HttpAnswer;
import cmek.client.http.Paging;
import cmek.client.http.Retry;
import cmek.config.CmekConfig;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.ScanFindings;
import cmek.finding.TransientException;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Cloud Storage over its JSON API. */
@Singleton
final class CloudStorage implements EvidenceStorage {

    /** Cloud Storage's errors have no status word. */
    private static final int NOT_FOUND = 404;

    private static final long ABSENT = 0;
    private static final String GENERATION = "x-goog-generation";

    /** Of an object that may be large: few calls, and little memory. */
    private static final int RANGE = 256 * 1024;

    /** {@code bytes 0-262143/9000000}. */
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,15})-[0-9]{1,15}/([0-9]{1,15})");

    private final StorageHttp http;
    private final GoogleAuth credential;
    private final Retry retry;
    private final GoogleRest rest;
    private final URI url;
    private final Optional<String> bucket;

    @Inject
    CloudStorage(GoogleHttp google, GoogleAuth credential, Retry retry, CmekConfig config) {
        this(
                google,
                credential,
                retry,
                config.google().storageUrl(),
                config.concurrency(),
                config.evidence().bucket());
    }

    CloudStorage(
            GoogleHttp google, GoogleAuth credential, Retry retry, URI url, int concurrency, Optional<String> bucket) {
        this.credential = credential;
        this.retry = retry;
        this.url = url;
        this.rest =
                new GoogleRest("Cloud Storage", concurrency, () -> credential.renew(url), CloudStorage::isPlainText);
        this.http = new StorageHttp(google, url);
        this.bucket = bucket;
    }

    private CloudStorage(CloudStorage other, String bucket) {
        this.credential = other.credential;
        this.retry = other.retry;
        this.url = other.url;
        this.rest = other.rest;
        this.http = other.http;
        this.bucket = Optional.of(bucket);
    }

    /** Another bucket, to which the same limits apply. */
    CloudStorage inBucket(String other) {
        return new CloudStorage(this, other);
    }

    /** Errors about an object's content are one line of plain text; a page is not Cloud Storage's. */
    private static boolean isPlainText(String body) {
        return !body.isBlank()
                && !body.stripLeading().startsWith("<")
                && !body.stripLeading().startsWith("{");
    }

    @Override
    public boolean isConfigured() {
        return bucket.filter(name -> !name.isBlank()).isPresent();
    }

    @Override
    public String url(String name) {
        return "gs://" + bucket() + "/" + name;
    }

    @Override
    public Optional<StoredObject> read(String name) {
        return retry.repeatable(
                () -> answered(name, null, null).map(answer -> new StoredObject(answer.body(), generation(answer))));
    }

    @Override
    public <T> Optional<T> read(String name, Reading<T> reading) throws IOException {
        Optional<HttpAnswer> first = range(name, 0, null);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        long generation = generation(first.get());
        Ranges content = new Ranges(
                range(first.get(), 0),
                from -> range(range(name, from, generation).orElseThrow(() -> unreadable("GetObject")), from));
        try {
            return Optional.of(reading.from(content));
        } catch (IOException e) {
            content.failure().ifPresent(cause -> {
                throw cause;
            });
            throw e;
        }
    }

    @Override
    public List<String> list(String prefix) {
        List<String> names = new ArrayList<>();
        Paging pages = new Paging("ListObjects");
        String token = null;
        int size;
        do {
            String page = token;
            JsonNode json = retry.repeatable(() -> page(prefix, page));
            json.path("items").forEach(item -> {
                String name = item.path("name").asText();
                if (pages.isNew(name)) {
                    names.add(name);
                }
            });
            token = json.path("nextPageToken").asText(null);
            size = json.path("items").size();
        } while (pages.goesOn(token, size));
        names.sort(null);
        return names;
    }

    @Override
    public boolean create(String name, MediaKind kind, String text) {
        return write(name, kind, text, ABSENT);
    }

    @Override
    public boolean create(String name, MediaKind kind, Writing content) {
        return write(name, kind, content, ABSENT);
    }

    @Override
    public boolean replace(String name, MediaKind kind, String text, long generation) {
        return write(name, kind, text, generation);
    }

    // --- calls ---------------------------------------------------------------------------------------------------

    private boolean write(String name, MediaKind kind, String text, long generation) {
        byte[] bytes = text.getBytes(UTF_8);
        return write(name, kind, out -> out.write(bytes), generation);
    }

    /** May be repeated: a write whose answer was lost is refused by its own guard. */
    private boolean write(String name, MediaKind kind, Writing content, long generation) {
        return retry.repeatable(() -> {
            try {
                rest.attempt(
                        "InsertObject",
                        () -> http.write(
                                authorization(), bucket(), name, generation, new Content(kind.contentType(), content)));
                return true;
            } catch (GoogleRest.Failed e) {
                if (e.error().code() == 412) {
                    return false;
                }
                throw e.error().toException("InsertObject", url(name));
            }
        });
    }

    /**
     * Reads what lies between two places of an object.
     *
     * @param generation the generation it must have; null accepts any
     * @return empty when the object does not exist
     */
    private Optional<HttpAnswer> range(String name, long from, @Nullable Long generation) {
        String range = "bytes=" + from + "-" + (from + RANGE - 1);
        return retry.repeatable(() -> answered(name, range, generation));
    }

    /** One attempt at an object, or at a range of it; empty when the object does not exist. */
    private Optional<HttpAnswer> answered(String name, @Nullable String range, @Nullable Long generation) {
        try {
            return Optional.of(
                    rest.attempt("GetObject", () -> http.read(authorization(), range, bucket(), name, generation)));
        } catch (GoogleRest.Failed e) {
            if (e.error().isOfApi() && e.error().code() == NOT_FOUND) {
                return Optional.empty();
            }
            throw e.error().toException("GetObject", url(name));
        }
    }

    private static Ranges.Range range(HttpAnswer answer, long from) {
        Matcher range = CONTENT_RANGE.matcher(answer.header("content-range").orElse(""));
        byte[] bytes = answer.bytes();
        if (bytes.length == 0 || !range.matches() || Long.parseLong(range.group(1)) != from) {
            throw unreadable("GetObject");
        }
        return new Ranges.Range(bytes, Long.parseLong(range.group(2)));
    }

    private JsonNode page(String prefix, @Nullable String token) {
        try {
            return rest.attempt(
                            "ListObjects",
                            () -> http.list(authorization(), bucket(), prefix, "items(name),nextPageToken", token))
                    .json()
                    .orElseThrow(() -> unreadable("ListObjects"));
        } catch (GoogleRest.Failed e) {
            throw e.error().toException("ListObjects", url(prefix));
        }
    }

    private static long generation(HttpAnswer answer) {
        return answer.header(GENERATION)
                .filter(value -> value.matches("[0-9]{1,18}"))
                .map(Long::parseLong)
                .orElseThrow(() -> unreadable("GetObject"));
    }

    private static TransientException unreadable(String operation) {
        return new TransientException(
                Reason.GOOGLE_UNAVAILABLE, operation + " was answered with something that cannot be read", null);
    }

    private String bucket() {
        // Only where all functions run in one process; alone, none of those that need it starts without.
        return bucket.orElseThrow(() -> new PermanentException(ScanFindings.noEvidenceBucket()));
    }

    private @Nullable String authorization() {
        return credential.headerFor(url).orElse(null);
    }
}
