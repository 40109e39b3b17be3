package cmek.readme;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cmek.fake.Sample;
import cmek.onboarding.request.ParseResult;
import cmek.onboarding.request.RequestParser;
import cmek.schema.Schemas;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a document names exists, what it links to is there, and what it shows as an example is one. */
class DocumentsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Which files' words count as names of this project. */
    private static final Pattern SOURCE =
            Pattern.compile(".*\\.(java|json|properties|tf|tfvars\\.example|hcl|sh|xml|yaml)");

    /** A name in the way of a class, a constant, a field, a function or a property; sentences and commands are none. */
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z]\\w*([.#]\\w+)*\\**(?<=[a-z][A-Z]\\w{0,60}|_\\w{0,60}|[A-Z]{2}\\w{0,60})");

    private static final Pattern PATH = Pattern.compile("(?:\\.ci|deployment|docs|src|terraform)/[\\w./-]+");
    private static final Pattern PROPERTY = Pattern.compile("(?<![\\w.-])cmek(\\.[a-z-]+)+(?![\\w-])");

    /** Names that belong to others, or to an edition that is no more. */
    private static final Set<String> FOREIGN = Set.of(
            "modifiedGrantsByRole",
            "GAVE_UP",
            "NIGHT_COMPLETED",
            "NIGHT_INCOMPLETE",
            "NIGHT_STARTED",
            "ORPHANED",
            "STRANGER_CAN_DECRYPT",
            "VENDOR_UNAVAILABLE",
            "cmek.night",
            "inspectKey",
            "night_schedule",
            "night_time_zone",
            "pubsub.topics.attachSubscription",
            "recheckChangedKey",
            "reportNight",
            "startNight");

    private static final Sources SOURCES = Sources.read();

    /** Everything that this project is made of, and the words in it. */
    private record Sources(String text, Set<String> words) {

        static Sources read() {
            StringBuilder all = new StringBuilder();
            for (String root : List.of("src", "terraform", "deployment", "pom.xml")) {
                try (Stream<Path> files = Files.walk(Path.of(root))) {
                    for (Path file : files.filter(
                                    each -> SOURCE.matcher(each.toString()).matches())
                            .toList()) {
                        all.append(file).append('\n');
                        // The names in this file are made up.
                        all.append(file.endsWith("DocumentsTest.java") ? "" : Files.readString(file))
                                .append('\n');
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            String text = all.toString();
            return new Sources(
                    text,
                    Stream.of("[^\\w]+", "[^\\w-]+", "[^\\w.-]+")
                            .flatMap(separator -> Stream.of(text.split(separator, -1)))
                            .collect(Collectors.toSet()));
        }
    }

    private static String sources() {
        return SOURCES.text();
    }

    static List<Document> documents() {
        List<Document> documents = Document.all();
        assertThat(documents).hasSizeGreaterThan(15);
        return documents;
    }

    // --- what can be wrong ---------------------------------------------------------------------------------------

    private static List<String> brokenLinks(Document document) {
        List<String> broken = new ArrayList<>();
        for (String link : document.links()) {
            if (link.startsWith("https://")) {
                URI.create(link);
                continue;
            }
            String[] parts = link.split("#", 2);
            Path target = parts[0].isEmpty()
                    ? document.path()
                    : document.path().resolveSibling(parts[0]).normalize();
            if (!Files.exists(target)
                    || (parts.length == 2 && !Document.read(target).anchors().contains(parts[1]))) {
                broken.add(link);
            }
        }
        return broken;
    }

    private static List<String> unknownNames(Document document) {
        List<String> unknown = new ArrayList<>();
        for (String span : document.spans()) {
            boolean isFile = Files.exists(document.path().resolveSibling(span))
                    || PATH.matcher(span).matches();
            if (!isFile && NAME.matcher(span).matches() && !FOREIGN.contains(span)) {
                for (String word : span.split("[.#*]+", -1)) {
                    if (!isWordOfTheSources(word)) {
                        unknown.add(span);
                    }
                }
            }
        }
        for (String code : code(document)) {
            find(PATH, code)
                    .map(file -> file.replaceAll("[.,:]$", ""))
                    .filter(file -> !Files.exists(Path.of(file)) && !isMadeByACommand(document, file))
                    .forEach(unknown::add);
            find(PROPERTY, code)
                    .filter(property -> !FOREIGN.contains(property)
                            && !sources().contains("<" + property + ">")
                            && !Files.isDirectory(Path.of("src/test/java", property.replace('.', '/')))
                            && !Files.isDirectory(Path.of("src/main/java", property.replace('.', '/')))
                            && !isASetting(property))
                    .forEach(unknown::add);
        }
        return unknown;
    }

    /** Such as {@code terraform.tfvars}, which a reader of the same document writes. */
    private static boolean isMadeByACommand(Document document, String file) {
        return document.text().contains("> " + file);
    }

    private static boolean isASetting(String property) {
        return Document.SETTINGS.text().contains("`" + property);
    }

    private static boolean isWordOfTheSources(String word) {
        return Pattern.compile("(?<![\\w-])" + Pattern.quote(word) + "(?![\\w-])")
                .matcher(sources())
                .find();
    }

    private static List<String> code(Document document) {
        return Stream.concat(document.scripts().stream(), document.spans().stream())
                .toList();
    }

    private static Stream<String> find(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group());
    }

    private static List<String> unknownToMaven(Document document) throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        List<String> unknown = new ArrayList<>();
        for (String code : code(document)) {
            Matcher command = Pattern.compile("\\./mvnw([^|&;\\n#]*)").matcher(code);
            while (command.find()) {
                for (String word : command.group(1).strip().split("\\s+", -1)) {
                    if (!isKnownToMaven(word, pom)) {
                        unknown.add(word);
                    }
                }
            }
        }
        return unknown;
    }

    private static boolean isKnownToMaven(String word, String pom) {
        if (word.startsWith("-P")) {
            return Stream.of(word.substring(2).split(",", -1))
                    .allMatch(profile -> pom.contains("<id>" + profile + "</id>"));
        }
        if (word.startsWith("-Dtest=") || word.startsWith("-Dit.test=")) {
            return sources().contains("/" + word.substring(word.indexOf('=') + 1) + ".java\n");
        }
        if (word.startsWith("-D")) {
            String property = word.substring(2).split("=", 2)[0];
            return property.startsWith("quarkus.") || property.equals("skipTests") || isWordOfTheSources(property);
        }
        if (word.contains(":")) {
            String plugin = word.split(":", 2)[0];
            return pom.contains("<artifactId>" + plugin + "-maven-plugin<")
                    || pom.contains("<artifactId>" + plugin + "-maven<");
        }
        return Set.of("", "package", "process-classes", "test", "test-compile", "verify")
                .contains(word);
    }

    /** Options that the scripts of this project do not have. */
    private static List<String> unknownOptions(Document document) throws IOException {
        List<String> unknown = new ArrayList<>();
        for (String code : code(document)) {
            Matcher command = Pattern.compile("(?:deployment/([\\w-]+)\\.sh|(?<![\\w-])(cmek) (?=[a-z]))([^|&;`\\n]*)")
                    .matcher(code);
            while (command.find()) {
                String script = Optional.ofNullable(command.group(1)).orElse("cmek");
                String usage = usage(script);
                find(Pattern.compile("(?<=\\s)--[a-z-]+"), command.group(3).replaceAll("\\s#.*", ""))
                        .filter(option -> !usage.contains(option))
                        .forEach(option -> unknown.add(script + " " + option));
                find(Pattern.compile("(?<=--fault )[a-z0-9-]+"), command.group(3))
                        .filter(fault -> !sources().contains("\"" + fault + "\""))
                        .forEach(fault -> unknown.add(script + " --fault " + fault));
            }
        }
        return unknown;
    }

    /** What says which options there are. */
    private static String usage(String script) throws IOException {
        if (script.equals("cmek")) {
            try (Stream<Path> sources = Files.list(Path.of("src/main/cli/java/cmek/cli"))) {
                StringBuilder usage = new StringBuilder("--help");
                for (Path source : sources.toList()) {
                    usage.append(Files.readString(source));
                }
                return usage.toString();
            }
        }
        Path describedIn = script.equals("sandbox")
                ? Path.of("src/test/java/cmek/sandbox/Options.java")
                : Path.of("deployment", script + ".sh");
        return Files.exists(describedIn) ? Files.readString(describedIn) : "";
    }

    // --- the documents -------------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource("documents")
    void everyLinkLeadsSomewhere(Document document) {
        assertThat(brokenLinks(document)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyNameIsOne(Document document) {
        assertThat(unknownNames(document)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void mavenKnowsWhatItIsToldToDo(Document document) throws IOException {
        assertThat(unknownToMaven(document)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void scriptsHaveTheOptionsThatAreShown(Document document) throws IOException {
        assertThat(unknownOptions(document)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void aShellUnderstandsEveryCommand(Document document) throws IOException, InterruptedException {
        for (String script : document.scripts()) {
            assertThat(Shell.output(Path.of("."), Map.of(), script, "-n"))
                    .as(script)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void anExampleOfJsonIsARequestOrAResult(Document document) throws IOException {
        for (String block : document.blocks("json")) {
            JsonNode json = JSON.readTree(block);
            if (json.has("status")) {
                assertThat(Schemas.RESULT.faults(json)).as(block).isEmpty();
            } else {
                assertIsARequest(block);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void aResultThatIsShownKeepsTheContract(Document document) {
        document.shown().stream()
                .flatMap(shown -> shown.output().lines())
                .filter(line -> line.startsWith("{"))
                .forEach(
                        line -> assertThat(Schemas.RESULT.faults(line)).as(line).isEmpty());
    }

    private static void assertIsARequest(String json) {
        assertThat(Schemas.REQUEST.faults(json)).as(json).isEmpty();
        assertThat(new RequestParser(Sample.POLICY).parse(json.getBytes(UTF_8), "1001"))
                .as(json)
                .isInstanceOf(ParseResult.Accepted.class);
    }

    @Test
    void theReadmeShowsTheExampleThatItNames() throws IOException {
        assertThat(Document.README.blocks("json").get(0))
                .isEqualTo(Files.readString(Path.of("deployment/examples/provision.json")));
    }

    @Test
    void theReadmeIsReadInTenMinutes() {
        assertThat(Document.README.text().lines().count()).isLessThanOrEqualTo(320);
    }

    @Test
    void theReadmeLinksToEveryDocumentOfItsReaders() {
        assertThat(documents().stream()
                        .filter(document -> !document.equals(Document.README))
                        .filter(document -> document.path().getNameCount() < 3)
                        .map(Document::toString))
                .isNotEmpty()
                .allSatisfy(document -> assertThat(Document.README.links()).contains(document));
    }

    @Test
    void theChangesOfTheVersionAreListed() throws IOException {
        Matcher version = Pattern.compile("<version>(.+?)</version>").matcher(Files.readString(Path.of("pom.xml")));
        assertThat(version.find()).isTrue();

        assertThat(Document.read(Path.of("CHANGELOG.md")).headings(2))
                .startsWith("[Unreleased]")
                .anyMatch(heading ->
                        heading.matches(Pattern.quote("[" + version.group(1) + "]") + " - \\d{4}-\\d\\d-\\d\\d"));
    }

    // --- the way to a first key, by hand -------------------------------------------------------------------------

    /** The commands of the guide that write files or publish requests, with nobody there who would take them. */
    @Test
    void theFilesAndRequestsOfTheDeploymentGuideAreOnes(@TempDir Path folder) throws IOException, InterruptedException {
        Map<String, String> own = Map.of(
                "SERVICE", "acme-cmek",
                "KEYS", "acme-kms-prod",
                "REGION", "us-central1",
                "ORGANIZATION", "0f2a5c1e-8b7d-4c3a-9e6f-1a2b3c4d5e6f");
        Files.createDirectories(folder.resolve("terraform"));
        Files.createDirectories(folder.resolve("deployment"));
        Path publisher = Files.writeString(
                folder.resolve("deployment/cmek"),
                "for file; do :; done; tr -d '\\n' < \"${file/#-//dev/stdin}\"; echo\n");
        assertThat(publisher.toFile().setExecutable(true)).isTrue();
        String nobody = "gcloud() { :; }; terraform() { echo '\"a value\"'; }; ";

        String published = "";
        for (String script : Document.read(Path.of("deployment/README.md")).scripts()) {
            if (script.contains("> ") || script.contains("deployment/cmek onboard")) {
                published += Shell.output(folder, own, nobody + script.replaceAll("\\bread -rs KEY", "KEY=secret"));
            }
        }

        List<String> requests =
                published.lines().filter(line -> line.startsWith("{")).toList();
        assertThat(requests)
                .hasSize(3)
                .allSatisfy(DocumentsTest::assertIsARequest)
                .extracting(request -> JSON.readTree(request).path("mode").asText())
                .containsExactly("plan", "provision", "plan");
        assertThat(Files.readString(folder.resolve("terraform/backend.tf"))).contains("\"acme-cmek-terraform\"");
        String variables = Files.readString(folder.resolve("terraform/terraform.tfvars"));
        assertThat(variables).contains(own.get("ORGANIZATION"), "[\"acme-kms-prod\"]", "key_change_writers");
        assertThat(assigned(variables)).hasSize(6).allSatisfy(name -> assertIsAVariable(name, "terraform"));
        String module = Files.readString(folder.resolve("key-project/main.tf"));
        assertThat(assigned(module.substring(module.indexOf("project_id"), module.indexOf("output"))))
                .hasSize(3)
                .allSatisfy(name -> assertIsAVariable(name, "terraform/modules/key-project"));
    }

    private static List<String> assigned(String terraform) {
        return Pattern.compile("(?m)^ *(\\w+) *= ")
                .matcher(terraform)
                .results()
                .map(line -> line.group(1))
                .toList();
    }

    private static void assertIsAVariable(String name, String module) throws IOException {
        assertThat(Files.readString(Path.of(module, "variables.tf"))).contains("variable \"" + name + "\" {");
    }

    @ParameterizedTest
    @MethodSource("documents")
    void terraformHasTheOutputsThatAreRead(Document document) {
        assertThat(code(document).stream()
                        .flatMap(code -> Pattern.compile("terraform [^|;&)\\n]*\\boutput (?:-json |-raw )?(\\w+)")
                                .matcher(code)
                                .results())
                        .map(read -> read.group(1)))
                .allSatisfy(output -> assertThat(sources() + document.text()).contains("output \"" + output + "\" {"));
    }

    // --- these tests themselves ----------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "see [there](docs/nowhere.md)",
                "see [there](#no-such-heading)",
                "see [there](docs/reasons.md#no_such_reason)",
                "set `cmek.no-such-setting`",
                "the class `NoSuchClassTest`",
                "the method `ArchitectureTest#noSuchMethod`",
                "the reason `NO_SUCH_REASON`",
                "run `deployment/no-such-script.sh`",
                "run `deployment/sandbox.sh --no-such-option`",
                "run `cmek check --no-such-option`",
                "run `deployment/sandbox.sh --fault no-such-fault`",
                "run `./mvnw verify -Pno-such-profile`",
                "run `./mvnw test -Dtest=NoSuchTest`",
                "run `./mvnw verfy`",
                "```bash\nif true; then\n```\n"
            })
    void whatIsNotThereIsFound(String text) throws IOException, InterruptedException {
        Document document = new Document(Path.of("README.md"), "# Title\n\n" + text);
        List<String> found = new ArrayList<>(brokenLinks(document));
        found.addAll(unknownNames(document));
        found.addAll(unknownToMaven(document));
        found.addAll(unknownOptions(document));
        for (String script : document.scripts()) {
            found.add(Shell.output(Path.of("."), Map.of(), script, "-n"));
        }

        assertThat(found).isNotEmpty().doesNotContain("");
    }

    @Test
    void headingsOfOneNameHaveAnchorsOfTheirOwn() {
        assertThat(new Document(Path.of("README.md"), "# A `KEY_IS`, or not\n\n## Twice\n\n## Twice\n").anchors())
                .containsExactly("a-key_is-or-not", "twice", "twice-1");
    }
}
