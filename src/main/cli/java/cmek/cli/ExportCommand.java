package cmek.cli;

import cmek.client.storage.EvidenceStorage;
import cmek.model.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies evidence into files. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Copies the results of requests and the reports of scans into files, for an auditor.",
        footerHeading = "%nExamples:%n",
        footer = {"  cmek export --since 2026-10-01 evidence/"})
final class ExportCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final ServiceOptions services = new ServiceOptions();

    @Option(
            names = "--since",
            required = true,
            paramLabel = "DATE",
            description = "the first day, such as 2026-10-01 (UTC)")
    private String since = "";

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            defaultValue = "cmek-evidence",
            description = "folder for the files (default: cmek-evidence)")
    private String folder = "cmek-evidence";

    ExportCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        LocalDate first;
        try {
            first = LocalDate.parse(since);
        } catch (DateTimeException e) {
            throw new Usage("--since " + since + " is not a date such as 2026-10-01");
        }
        ServiceOptions.Service service = services.service(surroundings);
        EvidenceStorage evidence = service.evidence();
        Path into = surroundings.folder().resolve(folder);
        int results = 0;
        for (String name : evidence.list("requests/")) {
            Optional<String> result =
                    evidence.read(name).map(stored -> stored.text()).filter(text -> isSince(text, first));
            if (result.isPresent()) {
                Path file = file(into, name);
                Files.writeString(file, result.get(), StandardCharsets.UTF_8);
                results++;
            }
        }
        int reports = 0;
        String begin = "scan-" + first.format(DateTimeFormatter.BASIC_ISO_DATE);
        for (String run : Reports.runs(evidence)) {
            if (run.compareTo(begin) >= 0) {
                for (String ending : new String[] {".json", ".csv", ".html"}) {
                    copy(service, run, ending, into);
                }
                reports++;
            }
        }
        output.line(
                surroundings,
                Output.number(results, "result") + " and " + Output.number(reports, "report") + " since " + first
                        + " in " + folder);
        output.object(
                surroundings,
                Json.MAPPER
                        .createObjectNode()
                        .put("results", results)
                        .put("reports", reports)
                        .put("folder", folder));
        return Exit.WELL;
    }

    private static boolean isSince(String result, LocalDate first) {
        JsonNode read = Json.tree(result);
        return read.isMissingNode() || read.path("occurredAt").asText().compareTo(first.toString()) >= 0;
    }

    private static void copy(ServiceOptions.Service service, String run, String ending, Path into) throws IOException {
        EvidenceStorage.Reading<Long> toFile = (InputStream in) ->
                Files.copy(in, file(into, Reports.name(run, ending)), StandardCopyOption.REPLACE_EXISTING);
        Reports.read(service, run, ending, toFile);
    }

    /** A name of the bucket as a file; nothing is written outside of the folder, whatever the name is. */
    private static Path file(Path into, String name) throws IOException {
        Path folder = into.toAbsolutePath().normalize();
        Path file = folder.resolve(name).normalize();
        if (!file.startsWith(folder)) {
            throw new IOException(name + " is not a name of the service's");
        }
        Files.createDirectories(file.getParent());
        return file;
    }
}
