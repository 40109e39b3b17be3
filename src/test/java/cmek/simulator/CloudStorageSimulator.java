package cmek.simulator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The Cloud Storage JSON API, v1, as far as objects are written, read, listed and deleted: uploads of each kind,
 * guarded by generation, content (one range of it too) and metadata, lists by prefix and delimiter in pages. Strongly
 * consistent, as Cloud Storage is.
 *
 * <p>Its errors are of the older kind, without a status in words; and where content was asked for, they are plain text.
 *
 * @see <a href="https://cloud.google.com/storage/docs/json_api/v1/objects">Objects</a>
 * @see <a href="https://cloud.google.com/storage/docs/json_api/v1/status-codes">Status and error codes</a>
 */
public final class CloudStorageSimulator implements Simulator {

    private static final String API = "storage";
    private static final Pattern OBJECTS = Pattern.compile("/storage/v1/b/([^/]+)/o");
    private static final Pattern BUCKET = Pattern.compile("/storage/v1/b/([^/]+)");
    private static final Pattern OBJECT = Pattern.compile("(?:/download)?/storage/v1/b/([^/]+)/o/(.+)", Pattern.DOTALL);
    private static final Pattern UPLOAD = Pattern.compile("/upload/storage/v1/b/([^/]+)/o");
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,9})-([0-9]{0,9})");
    private static final Pattern SENT = Pattern.compile("bytes (?:([0-9]+)-([0-9]+)|\\*)/([0-9]+|\\*)");
    private static final Pattern BOUNDARY = Pattern.compile("multipart/related;.*boundary=[\"']?([^\"';]+)[\"']?.*");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RESUME_INCOMPLETE = 308;
    private static final int PAGE_AT_MOST = 1000;
    private static final int NAME_BYTES_AT_MOST = 1024;

    /** Cloud Storage sorts names by their bytes. */
    private static final Comparator<String> BY_BYTES =
            (one, other) -> java.util.Arrays.compareUnsigned(one.getBytes(UTF_8), other.getBytes(UTF_8));

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    private final Journal journal;
    private final GoogleFrontEnd frontEnd;
    private final InstantSource clock;
    private final Map<String, SortedMap<String, Stored>> buckets = new HashMap<>();
    private final Map<String, Session> sessions = new HashMap<>();
    private long lastGeneration;

    public CloudStorageSimulator(Journal journal, InstantSource clock) {
        this.journal = journal;
        this.clock = clock;
        this.frontEnd =
                new GoogleFrontEnd(ApiStructure.STORAGE, journal, API, this::served, CloudStorageSimulator::refusal);
    }

    /** One generation of an object. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares two of them.
    private record Stored(byte[] content, String contentType, JsonNode custom, long generation, Instant createdAt) {}

    /** A resumable upload. */
    private record Session(String bucket, String name, JsonNode metadata, Call begun, ByteArrayOutputStream sent) {}

    /** A bucket that somebody made. */
    public synchronized CloudStorageSimulator withBucket(String bucket) {
        buckets.computeIfAbsent(bucket, any -> new TreeMap<>(BY_BYTES));
        return this;
    }

    /** The names of all objects of a bucket. */
    public synchronized List<String> names(String bucket) {
        return List.copyOf(bucket(bucket).keySet());
    }

    /** What an object holds now. */
    public synchronized Optional<String> text(String bucket, String name) {
        return Optional.ofNullable(bucket(bucket).get(name)).map(stored -> new String(stored.content(), UTF_8));
    }

    /** An object that lies there already. */
    public synchronized CloudStorageSimulator withObject(String bucket, String name, String contentType, String text) {
        store(bucket(bucket), name, contentType, MissingNode.getInstance(), text.getBytes(UTF_8));
        return this;
    }

    /** Somebody deletes an object. */
    public synchronized CloudStorageSimulator withoutObject(String bucket, String name) {
        bucket(bucket).remove(name);
        return this;
    }

    /** The generation of each object of a bucket, which tells whether it was written since. */
    public synchronized Map<String, Long> generations(String bucket) {
        Map<String, Long> generations = new TreeMap<>();
        bucket(bucket).forEach((name, stored) -> generations.put(name, stored.generation()));
        return generations;
    }

    @Override
    public synchronized Reply answer(Call call) {
        return frontEnd.answer(call);
    }

    private Reply served(Call call) {
        Matcher upload = UPLOAD.matcher(call.path());
        Matcher list = OBJECTS.matcher(call.path());
        Matcher object = OBJECT.matcher(call.path());
        if (call.method().equals("POST") && upload.matches()) {
            String name = call.parameter("name").orElse("");
            return noted("InsertObject", upload.group(1), name, true, () -> insert(upload.group(1), name, call));
        }
        if (call.method().equals("PUT") && upload.matches()) {
            String id = call.parameter("upload_id").orElse("");
            Session session = sessions.get(id);
            String name = session == null ? "" : session.name();
            return noted("InsertObject", upload.group(1), name, true, () -> resumed(id, call));
        }
        Matcher bucket = BUCKET.matcher(call.path());
        if (call.method().equals("GET") && bucket.matches()) {
            return noted("GetBucket", bucket.group(1), "", false, () -> selected(described(bucket.group(1)), call));
        }
        if (call.method().equals("DELETE") && object.matches()) {
            return noted(
                    "DeleteObject",
                    object.group(1),
                    object.group(2),
                    true,
                    () -> delete(object.group(1), object.group(2), call));
        }
        if (call.method().equals("GET") && list.matches()) {
            return noted(
                    "ListObjects",
                    list.group(1),
                    call.parameter("prefix").orElse(""),
                    false,
                    () -> list(list.group(1), call));
        }
        if (call.method().equals("GET") && object.matches()) {
            return noted(
                    "GetObject",
                    object.group(1),
                    object.group(2),
                    false,
                    () -> get(object.group(1), object.group(2), call));
        }
        Reply reply =
                GoogleFailure.unimplemented(call.method() + " " + call.path()).reply();
        journal.add(new Journal.Entry(API, call.method() + " " + call.path(), false, reply.status()));
        return reply;
    }

    // --- methods -------------------------------------------------------------------------------------------------

    private Reply insert(String bucket, String name, Call call) {
        String kind = call.parameter("uploadType").orElse("");
        return switch (kind) {
            case "media" -> inserted(bucket, name, MissingNode.getInstance(), call.body(), call);
            case "multipart" -> multipart(bucket, name, call);
            case "resumable" -> begun(bucket, name, call);
            default -> throw failure(400, "invalid", "Invalid upload type: " + kind, "parameter", "uploadType");
        };
    }

    /** The metadata as JSON in a first part, and the content in a second one. */
    private Reply multipart(String bucket, String name, Call call) {
        Matcher boundary = BOUNDARY.matcher(call.header("content-type").orElse(""));
        if (!boundary.matches()) {
            throw failure(400, "badContent", "Multipart body without a boundary.", "header", "Content-Type");
        }
        // One character for each byte, so that the content keeps its own.
        String[] parts = new String(call.body(), ISO_8859_1).split("--" + Pattern.quote(boundary.group(1)), -1);
        if (parts.length != 4) {
            throw failure(400, "badContent", "A multipart upload has two parts.", "", "");
        }
        JsonNode metadata = metadata(content(parts[1]).getBytes(ISO_8859_1));
        String type = parts[2].replaceAll("(?is)^.*?content-type: *([^\\r\\n]+).*$", "$1");
        return inserted(
                bucket,
                metadata.path("name").asText(name),
                metadata.has("contentType") ? metadata : ((ObjectNode) metadata).put("contentType", type),
                content(parts[2]).getBytes(ISO_8859_1),
                call);
    }

    /** What stands between the headers of a part and the line end before the next boundary. */
    private static String content(String part) {
        Matcher headers =
                Pattern.compile("\\A\\r?\\n(?:[^\\r\\n]+\\r?\\n)*\\r?\\n").matcher(part);
        return part.substring(headers.find() ? headers.end() : 0).replaceFirst("\\r?\\n\\z", "");
    }

    private static JsonNode metadata(byte[] sent) {
        try {
            JsonNode metadata = sent.length == 0 ? JSON.createObjectNode() : JSON.readTree(sent);
            ApiMessage message = ApiMessage.request(ApiStructure.of(ApiStructure.STORAGE));
            JsonNode read = message.read(JSON.createObjectNode().put("$ref", "StorageObject"), metadata);
            if (message.violations().isEmpty()) {
                return read;
            }
            throw failure(400, "invalid", message.violations().get(0).description(), "", "");
        } catch (IOException e) {
            throw failure(400, "parseError", "Parse Error", "", "");
        }
    }

    private Reply begun(String bucket, String name, Call call) {
        JsonNode metadata = metadata(call.body());
        String named = metadata.path("name").asText(name);
        bucket(bucket);
        requireName(named);
        requireGeneration(call, Optional.ofNullable(bucket(bucket).get(named)));
        String id = "upload-" + (sessions.size() + 1);
        sessions.put(id, new Session(bucket, named, metadata, call, new ByteArrayOutputStream()));
        return new Reply(200, Map.of("x-guploader-uploadid", id), new byte[0])
                .withHeader("location", base(call) + call.path() + "?uploadType=resumable&upload_id=" + id);
    }

    /** One piece of a resumable upload: all of it, as no length is named, or up to where it says. */
    private Reply resumed(String id, Call call) {
        Session session = sessions.get(id);
        if (session == null) {
            throw failure(404, "notFound", "No such upload session.", "", "");
        }
        Matcher sent = SENT.matcher(call.header("content-range").orElse("bytes */*"));
        boolean whole = call.header("content-range").isEmpty();
        if (!sent.matches()
                || (sent.group(1) != null
                        && Long.parseLong(sent.group(1)) != session.sent().size())) {
            throw failure(400, "invalid", "Failed to parse Content-Range header.", "header", "Content-Range");
        }
        session.sent().writeBytes(call.body());
        if (!whole && !sent.group(3).equals(Integer.toString(session.sent().size()))) {
            Reply more = new Reply(RESUME_INCOMPLETE, Map.of("x-guploader-uploadid", id), new byte[0]);
            return session.sent().size() == 0
                    ? more
                    : more.withHeader("range", "bytes=0-" + (session.sent().size() - 1));
        }
        sessions.remove(id);
        return inserted(
                session.bucket(),
                session.name(),
                session.metadata(),
                session.sent().toByteArray(),
                session.begun());
    }

    private Reply inserted(String bucket, String name, JsonNode metadata, byte[] content, Call call) {
        SortedMap<String, Stored> objects = bucket(bucket);
        requireName(name);
        requireGeneration(call, Optional.ofNullable(objects.get(name)));
        String type = metadata.path("contentType")
                .asText(
                        metadata.isMissingNode()
                                ? call.header("content-type").orElse("application/octet-stream")
                                : call.header("x-upload-content-type").orElse("application/octet-stream"));
        return selected(
                metadata(call, bucket, name, store(objects, name, type, metadata.path("metadata"), content)), call);
    }

    private static void requireName(String name) {
        if (name.isEmpty()) {
            throw failure(400, "required", "Required object name", "", "");
        }
        if (!isName(name)) {
            throw failure(
                    400, "invalid", "Disallowed unicode characters present in object name '" + name + "'", "", "");
        }
    }

    private Stored store(
            SortedMap<String, Stored> objects, String name, String contentType, JsonNode custom, byte[] content) {
        Instant now = clock.instant();
        // As Cloud Storage does it: microseconds, and never the same twice.
        long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
        lastGeneration = Math.max(lastGeneration + 1, micros);
        Stored stored = new Stored(content.clone(), contentType, custom.deepCopy(), lastGeneration, now);
        objects.put(name, stored);
        return stored;
    }

    private Reply delete(String bucket, String name, Call call) {
        SortedMap<String, Stored> objects = bucket(bucket);
        requireGeneration(call, Optional.ofNullable(objects.get(name)));
        if (objects.remove(name) == null) {
            throw failure(404, "notFound", "No such object: " + bucket + "/" + name, "", "");
        }
        return new Reply(204, Map.of(), new byte[0]);
    }

    private ObjectNode described(String bucket) {
        bucket(bucket);
        return JsonNodeFactory.instance
                .objectNode()
                .put("kind", "storage#bucket")
                .put("id", bucket)
                .put("name", bucket)
                .put("projectNumber", "100000000001")
                .put("metageneration", "1")
                .put("location", "US-EAST5")
                .put("locationType", "region")
                .put("storageClass", "STANDARD")
                .put("etag", "CAE=")
                .put("timeCreated", "2025-01-01T00:00:00Z")
                .put("updated", "2025-01-01T00:00:00Z");
    }

    private Reply get(String bucket, String name, Call call) {
        boolean media = call.parameter("alt").filter("media"::equals).isPresent();
        Stored stored;
        try {
            stored = bucket(bucket).get(name);
            // Of an older generation nothing is kept.
            Optional<Long> generation = call.parameter("generation").map(value -> number(value, "generation"));
            if (stored == null || generation.orElse(stored.generation()) != stored.generation()) {
                throw failure(404, "notFound", "No such object: " + bucket + "/" + name, "", "");
            }
            requireGeneration(call, Optional.of(stored));
        } catch (Failure e) {
            if (media) {
                return plain(e);
            }
            throw e;
        }
        if (!media) {
            return selected(metadata(call, bucket, name, stored), call);
        }
        return call.header("range").map(range -> part(stored, range)).orElseGet(() -> content(stored));
    }

    /** Bytes from one place to another one, both included, to the end, or the last so many. */
    private static Reply part(Stored stored, String range) {
        Matcher matcher = RANGE.matcher(range);
        Reply whole = content(stored);
        if (!matcher.matches() || range.equals("bytes=-")) {
            // What is no range is as if it were not there.
            return whole;
        }
        int size = stored.content().length;
        boolean isSuffix = matcher.group(1).isEmpty();
        long from = isSuffix ? Math.max(0, size - Long.parseLong(matcher.group(2))) : Long.parseLong(matcher.group(1));
        if (from >= size) {
            return new Reply(
                    416,
                    Map.of("content-type", "text/html; charset=UTF-8", "content-range", "bytes */" + size),
                    "The requested range cannot be satisfied.".getBytes(UTF_8));
        }
        boolean isOpen = isSuffix || matcher.group(2).isEmpty();
        int end = isOpen ? size : (int) Math.min(size, Long.parseLong(matcher.group(2)) + 1);
        return new Reply(206, whole.headers(), Arrays.copyOfRange(stored.content(), (int) from, end))
                .withHeader("content-range", "bytes " + from + "-" + (end - 1) + "/" + size);
    }

    private Reply list(String bucket, Call call) {
        for (String narrowed : List.of("matchGlob", "startOffset", "endOffset", "versions", "softDeleted")) {
            if (call.parameter(narrowed)
                    .filter(value -> !value.isEmpty() && !value.equalsIgnoreCase("false"))
                    .isPresent()) {
                throw GoogleFailure.unimplemented("The parameter '" + narrowed + "'");
            }
        }
        SortedMap<String, Stored> objects = bucket(bucket);
        String prefix = call.parameter("prefix").orElse("");
        String delimiter = call.parameter("delimiter").orElse("");
        Optional<String> after =
                call.parameter("pageToken").filter(token -> !token.isEmpty()).map(CloudStorageSimulator::name);
        int size = call.parameter("maxResults")
                .map(value -> Math.min(number(value, "maxResults"), (long) PAGE_AT_MOST))
                .map(Long::intValue)
                .orElse(PAGE_AT_MOST);
        ObjectNode page = JsonNodeFactory.instance.objectNode().put("kind", "storage#objects");
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        Set<String> prefixes = new LinkedHashSet<>();
        String last = after.orElse("");
        for (Map.Entry<String, Stored> object :
                objects.tailMap(after.orElse(prefix)).entrySet()) {
            String name = object.getKey();
            if (!name.startsWith(prefix)) {
                break;
            }
            int cut = delimiter.isEmpty() ? -1 : name.indexOf(delimiter, prefix.length());
            String folder = cut < 0 ? "" : name.substring(0, cut + delimiter.length());
            boolean isSeen = prefixes.contains(folder) || (!folder.isEmpty() && last.startsWith(folder));
            if (after.filter(name::equals).isPresent() || isSeen) {
                continue;
            }
            if (items.size() + prefixes.size() == size) {
                page.put("nextPageToken", token(last));
                break;
            }
            if (folder.isEmpty()) {
                items.add(metadata(call, bucket, name, object.getValue()));
            } else {
                prefixes.add(folder);
            }
            last = name;
        }
        if (!items.isEmpty()) {
            page.set("items", items);
        }
        if (!prefixes.isEmpty()) {
            prefixes.forEach(page.putArray("prefixes")::add);
        }
        return selected(page, call);
    }

    // --- rules ---------------------------------------------------------------------------------------------------

    private SortedMap<String, Stored> bucket(String bucket) {
        SortedMap<String, Stored> objects = buckets.get(bucket);
        if (objects == null) {
            throw failure(404, "notFound", "The specified bucket does not exist.", "", "");
        }
        return objects;
    }

    /** {@code ifGenerationMatch}: 0 asks that there be no object. */
    private static void requireGeneration(Call call, Optional<Stored> stored) {
        for (String other : List.of("ifGenerationNotMatch", "ifMetagenerationMatch")) {
            if (call.parameter(other).isPresent()) {
                throw GoogleFailure.unimplemented("The parameter '" + other + "'");
            }
        }
        call.parameter("ifGenerationMatch").ifPresent(value -> {
            long wanted = number(value, "ifGenerationMatch");
            if (stored.map(Stored::generation).orElse(0L) != wanted) {
                throw failure(
                        412,
                        "conditionNotMet",
                        "At least one of the pre-conditions you specified did not hold.",
                        "header",
                        "If-Match");
            }
        });
    }

    private static boolean isName(String name) {
        return name.getBytes(UTF_8).length <= NAME_BYTES_AT_MOST
                && name.chars().noneMatch(letter -> letter == '\r' || letter == '\n')
                && !name.equals(".")
                && !name.equals("..")
                && !name.startsWith(".well-known/acme-challenge/");
    }

    private static long number(String text, String parameter) {
        if (!text.matches("[0-9]{1,18}")) {
            throw failure(
                    400,
                    "invalid",
                    "Invalid value at '" + parameter + "' (TYPE_INT64), \"" + text + "\"",
                    "parameter",
                    parameter);
        }
        return Long.parseLong(text);
    }

    private static String token(String lastName) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(("after:" + lastName).getBytes(UTF_8));
    }

    private static String name(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), UTF_8);
            if (text.startsWith("after:")) {
                return text.substring("after:".length());
            }
        } catch (IllegalArgumentException e) {
            // No token of ours, as below.
        }
        throw failure(400, "invalid", "Invalid argument.", "parameter", "pageToken");
    }

    // --- what is answered ----------------------------------------------------------------------------------------

    /** The address that a caller has used. */
    private static String base(Call call) {
        return "http://" + call.header("host").orElse("storage.googleapis.com");
    }

    private static ObjectNode metadata(Call call, String bucket, String name, Stored stored) {
        String base = base(call);
        String path = "/storage/v1/b/" + bucket + "/o/"
                + URLEncoder.encode(name, UTF_8).replace("+", "%20");
        String time = stored.createdAt().toString();
        ObjectNode metadata = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "storage#object")
                .put("id", bucket + "/" + name + "/" + stored.generation())
                .put("selfLink", base + path)
                .put("mediaLink", base + "/download" + path + "?generation=" + stored.generation() + "&alt=media")
                .put("name", name)
                .put("bucket", bucket)
                .put("generation", Long.toString(stored.generation()))
                .put("metageneration", "1")
                .put("contentType", stored.contentType())
                .put("storageClass", "STANDARD")
                .put("size", Integer.toString(stored.content().length))
                .put("md5Hash", md5(stored.content()))
                .put("crc32c", crc32c(stored.content()))
                .put("etag", etag(stored))
                .put("timeCreated", time)
                .put("updated", time)
                .put("timeStorageClassUpdated", time);
        if (stored.custom().isObject()) {
            metadata.set("metadata", stored.custom());
        }
        return metadata;
    }

    private static Reply content(Stored stored) {
        return new Reply(
                200,
                Map.of(
                        "content-type", stored.contentType(),
                        "etag", etag(stored),
                        "last-modified", HTTP_DATE.format(stored.createdAt()),
                        "x-goog-generation", Long.toString(stored.generation()),
                        "x-goog-metageneration", "1",
                        "x-goog-hash", "crc32c=" + crc32c(stored.content()) + ",md5=" + md5(stored.content()),
                        "x-goog-storage-class", "STANDARD",
                        "x-goog-stored-content-encoding", "identity",
                        "x-goog-stored-content-length", Integer.toString(stored.content().length)),
                stored.content());
    }

    private static Reply selected(ObjectNode whole, Call call) {
        Optional<String> fields = call.parameter("fields").filter(value -> !value.isEmpty());
        return GoogleReply.ok(fields.map(wanted -> FieldMask.parse(wanted)
                        .map(mask -> (JsonNode) mask.of(whole))
                        .orElseThrow(() -> failure(
                                400, "invalidParameter", "Invalid field selection " + wanted, "parameter", "fields")))
                .orElse(whole));
    }

    private static String etag(Stored stored) {
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Long.BYTES)
                        .putLong(stored.generation())
                        .array());
    }

    private static String crc32c(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) crc.getValue())
                        .array());
    }

    private static String md5(byte[] content) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A rule that a call breaks. */
    private static final class Failure extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient Reply reply;

        private Failure(Reply reply, String message) {
            super(message);
            this.reply = reply;
        }
    }

    private static Failure failure(int code, String reason, String message, String locationType, String location) {
        return new Failure(error(code, reason, message, locationType, location), message);
    }

    /** What does not fit the structure of the API, in the older form too. */
    private static Reply refusal(List<ApiMessage.Violation> violations) {
        ApiMessage.Violation first = violations.get(0);
        return error(400, "invalid", first.description(), "parameter", ApiMessage.camel(first.field()));
    }

    private static Reply plain(Failure failure) {
        return new Reply(
                failure.reply.status(),
                Map.of("content-type", "text/html; charset=UTF-8"),
                String.valueOf(failure.getMessage()).getBytes(UTF_8));
    }

    private static Reply error(int code, String reason, String message, String locationType, String location) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode error = body.putObject("error").put("code", code).put("message", message);
        ObjectNode first = error.putArray("errors")
                .addObject()
                .put("message", message)
                .put("domain", "global")
                .put("reason", reason);
        if (!location.isEmpty()) {
            first.put("locationType", locationType).put("location", location);
        }
        return Reply.json(code, body.toString());
    }

    private Reply noted(
            String operation, String bucket, String name, boolean write, java.util.function.Supplier<Reply> method) {
        Reply reply;
        try {
            reply = method.get();
        } catch (Failure e) {
            reply = e.reply;
        } catch (GoogleFailure e) {
            reply = e.reply();
        }
        journal.add(new Journal.Entry(API, operation + " gs://" + bucket + "/" + name, write, reply.status()));
        return reply;
    }

    /**
     * A selection of fields, as the parameter {@code fields} writes it: {@code items(name,size),nextPageToken}, or
     * {@code items/name,items/size}.
     *
     * @param fields with what is selected of each; nothing is all of it
     */
    private record FieldMask(Map<String, FieldMask> fields) {

        private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9]+|[(),/]");

        static Optional<FieldMask> parse(String text) {
            List<String> tokens = new ArrayList<>();
            Matcher matcher = TOKEN.matcher(text);
            int end = 0;
            while (matcher.find() && matcher.start() == end) {
                tokens.add(matcher.group());
                end = matcher.end();
            }
            tokens.add(")");
            FieldMask mask = new FieldMask(new HashMap<>());
            return end == text.length() && mask.takes(tokens) && tokens.isEmpty()
                    ? Optional.of(mask)
                    : Optional.empty();
        }

        /** Takes what is selected up to the bracket that closes it. */
        private boolean takes(List<String> tokens) {
            FieldMask inner = this;
            while (tokens.size() > 1 && tokens.get(0).matches("[A-Za-z0-9]+")) {
                inner = inner.fields.computeIfAbsent(tokens.remove(0), name -> new FieldMask(new HashMap<>()));
                String next = tokens.remove(0);
                if (next.equals("(")) {
                    if (!inner.takes(tokens) || tokens.isEmpty()) {
                        return false;
                    }
                    next = tokens.remove(0);
                }
                if (next.equals(")")) {
                    return true;
                }
                if (next.equals(",")) {
                    inner = this;
                } else if (!next.equals("/")) {
                    return false;
                }
            }
            return false;
        }

        ObjectNode of(JsonNode whole) {
            ObjectNode selected = JsonNodeFactory.instance.objectNode();
            whole.properties().forEach(field -> {
                FieldMask inner = fields.get(field.getKey());
                if (inner != null) {
                    selected.set(
                            field.getKey(), inner.fields.isEmpty() ? field.getValue() : inner.within(field.getValue()));
                }
            });
            return selected;
        }

        private JsonNode within(JsonNode value) {
            if (!value.isArray()) {
                return of(value);
            }
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            value.forEach(element -> all.add(of(element)));
            return all;
        }
    }
}
