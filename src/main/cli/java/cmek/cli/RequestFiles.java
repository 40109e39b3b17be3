package cmek.cli;

import cmek.finding.Finding;
import cmek.model.Json;
import cmek.model.Policy;
import cmek.model.ProtectionLevel;
import cmek.onboarding.request.ParseResult;
import cmek.onboarding.request.RequestParser;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Request files and what is wrong with them: JSON or YAML, of one request or many. Many are an array, several documents, one
 * object a line, or an object with {@code requests} and perhaps {@code defaults} for all of them.
 *
 * <p>What only the service knows is not checked here: which projects and workspaces it allows, and what is at Google Cloud
 * and at Anthropic.
 */
final class RequestFiles {

    /** Everything that any deployment may allow. */
    private static final Policy ANY =
            new Policy(List.of("*"), List.of("*"), Policy.US_REGIONS, Set.of(ProtectionLevel.values()));

    /** What a request without an id is called here; the service calls it by the id of its message. */
    private static final String NAMELESS = "unnamed";

    /** Some editors begin a file with it. */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final Set<String> ENDINGS = Set.of("json", "jsonl", "yaml", "yml");
    private static final long BYTES_AT_MOST = 32L * 1024 * 1024;

    private static final RequestParser PARSER = new RequestParser(ANY);

    private final Surroundings surroundings;
    private final List<Fault> faults = new ArrayList<>();
    private final List<Declared> requests = new ArrayList<>();

    private RequestFiles(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** What was read: faults, or requests that the service can read. */
    record Read(List<Declared> requests, List<Fault> faults) {

        Read {
            requests = List.copyOf(requests);
            faults = List.copyOf(faults);
        }
    }

    /**
     * Reads files, folders with all that is below them, and standard input as {@code -}.
     *
     * @throws Usage when there is nothing at such a place
     */
    static Read read(List<String> places, Surroundings surroundings) {
        RequestFiles files = new RequestFiles(surroundings);
        places.forEach(files::readPlace);
        files.compare();
        return new Read(files.requests, files.faults);
    }

    private void readPlace(String place) {
        try {
            if (place.equals("-")) {
                readText("-", surroundings.in().readAllBytes());
                return;
            }
            Path path = surroundings.folder().resolve(place);
            if (Files.isDirectory(path)) {
                List<Path> found;
                try (Stream<Path> all = Files.walk(path, FileVisitOption.FOLLOW_LINKS)) {
                    found = all.filter(file -> ENDINGS.contains(ending(file)) && Files.isRegularFile(file))
                            // Folders of tools, and what they keep for themselves.
                            .filter(file -> !("/" + path.relativize(file)).contains("/."))
                            .sorted()
                            .toList();
                }
                if (found.isEmpty()) {
                    throw new Usage(place + " has no file that ends in .json, .jsonl, .yaml or .yml");
                }
                for (Path file : found) {
                    readFile(Path.of(place).resolve(path.relativize(file)).toString(), file);
                }
            } else if (Files.exists(path)) {
                readFile(place, path);
            } else {
                throw new Usage(place + " does not exist");
            }
        } catch (IOException | UncheckedIOException e) {
            throw new Usage(place + " cannot be read: " + e.getMessage());
        }
    }

    private void readFile(String name, Path file) throws IOException {
        if (Files.size(file) > BYTES_AT_MOST) {
            throw new Usage(name + " is larger than 32 MB");
        }
        readText(name, Files.readAllBytes(file));
    }

    private static String ending(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private void readText(String name, byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            faults.add(Fault.of(name, 1, "it is not text in UTF-8", "save the file as UTF-8"));
            return;
        }
        if (text.startsWith(BYTE_ORDER_MARK)) {
            text = text.substring(BYTE_ORDER_MARK.length());
        }
        try {
            boolean yaml = ending(Path.of(name)).startsWith("y") || (name.equals("-") && !looksLikeJson(text));
            List<Located> documents = yaml ? YamlFile.read(text) : JsonFile.read(text);
            if (documents.isEmpty()) {
                faults.add(Fault.of(name, 1, "it has no request", "write a request, or leave out the file"));
            }
            documents.forEach(document -> readDocument(name, document));
        } catch (Malformed e) {
            faults.add(Fault.of(name, e.line(), "it cannot be read: " + e.getMessage(), ""));
        }
    }

    private static boolean looksLikeJson(String text) {
        String begin = text.stripLeading();
        return begin.startsWith("{") || begin.startsWith("[");
    }

    private void readDocument(String file, Located document) {
        if (document instanceof Located.Items items) {
            readAll(file, items, new Located.Fields(items.line(), Map.of()));
        } else if (document instanceof Located.Fields fields && fields.fields().containsKey("requests")) {
            readMany(file, fields);
        } else {
            readRequest(file, document);
        }
    }

    private void readMany(String file, Located.Fields many) {
        many.fields().forEach((name, value) -> {
            if (!Set.of("defaults", "requests").contains(name)) {
                faults.add(new Fault(
                        file,
                        value.line(),
                        name,
                        "unknown field " + name,
                        "leave out " + name + "; beside requests only defaults is allowed"));
            }
        });
        Located defaults = many.fields().getOrDefault("defaults", new Located.Fields(many.line(), Map.of()));
        if (!(defaults instanceof Located.Fields base)) {
            faults.add(new Fault(
                    file, defaults.line(), "defaults", "defaults is not an object", "write fields of requests"));
            return;
        }
        if (base.fields().containsKey("acknowledgePermanent")) {
            // Said once for two hundred workspaces it would be said by nobody.
            faults.add(new Fault(
                    file,
                    base.lineOf("acknowledgePermanent"),
                    "defaults.acknowledgePermanent",
                    "acknowledgePermanent is among the defaults",
                    "write acknowledgePermanent in each request: an attachment cannot be undone"));
        }
        if (!(many.fields().get("requests") instanceof Located.Items items)) {
            faults.add(new Fault(
                    file,
                    many.lineOf("requests"),
                    "requests",
                    "requests is not an array",
                    "write an array of requests"));
            return;
        }
        readAll(file, items, base);
    }

    private void readAll(String file, Located.Items items, Located.Fields defaults) {
        if (items.items().isEmpty()) {
            // Whatever wrote it may have failed.
            faults.add(Fault.of(file, items.line(), "it has no request", "write a request, or leave out the file"));
        }
        items.items()
                .forEach(item -> readRequest(file, item instanceof Located.Fields own ? own.over(defaults) : item));
    }

    private void readRequest(String file, Located item) {
        if (!(item instanceof Located.Fields fields)) {
            faults.add(Fault.of(
                    file, item.line(), "it is not an object", "write a request as an object with the field key"));
            return;
        }
        ObjectNode json = fields.json();
        ParseResult parsed = parsed(json);
        if (parsed instanceof ParseResult.Accepted accepted) {
            requests.add(new Declared(file, fields.line(), json, accepted.request()));
        } else if (parsed instanceof ParseResult.Rejected rejected) {
            for (ParseResult.Violation violation : rejected.violations()) {
                Finding finding = violation.finding();
                faults.add(new Fault(
                        file,
                        violation.field().isEmpty() ? fields.line() : fields.lineOf(violation.field()),
                        violation.field(),
                        finding.message(),
                        String.join("; ", finding.remedy())));
            }
        }
    }

    private static ParseResult parsed(ObjectNode json) {
        return PARSER.parse(Json.written(json).getBytes(StandardCharsets.UTF_8), NAMELESS);
    }

    /** What is wrong with a request by itself; empty where any deployment may take it. */
    static List<String> faults(ObjectNode request) {
        return parsed(request) instanceof ParseResult.Rejected rejected
                ? rejected.violations().stream()
                        .map(violation -> violation.finding().message())
                        .toList()
                : List.of();
    }

    /** What is wrong only beside another request. */
    private void compare() {
        Map<String, Declared> byId = new HashMap<>();
        Map<String, Declared> byWorkspace = new HashMap<>();
        for (Declared declared : requests) {
            String id = declared.request().requestId();
            Declared same = declared.json().has("requestId") ? byId.putIfAbsent(id, declared) : null;
            if (same != null) {
                faults.add(new Fault(
                        declared.file(),
                        declared.line(),
                        "requestId",
                        "requestId " + id + " is also that of the request at " + same.place(),
                        "give each request an id of its own"));
            }
            declared.request().workspaceId().ifPresent(workspace -> {
                Declared other = byWorkspace.putIfAbsent(workspace.value(), declared);
                if (other != null
                        && !other.request().key().equals(declared.request().key())) {
                    faults.add(new Fault(
                            declared.file(),
                            declared.line(),
                            "workspaceId",
                            "workspace " + workspace + " is given another key by the request at " + other.place(),
                            "a workspace has one key, permanently: leave out one of the two requests"));
                }
            });
        }
        faults.sort(java.util.Comparator.comparing(Fault::file).thenComparingInt(Fault::line));
    }
}
