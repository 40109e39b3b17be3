package cmek.cli;

import cmek.model.CryptoKeyName;
import cmek.model.Json;
import cmek.model.OnboardingRequest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes request files for what is there already. */
@Command(
        name = "adopt",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a request file for every key that is registered or attached already, by the newest scan.",
            "Files that exist are kept. Mode validate: your keys stay as they are until you say otherwise.",
            "A key that no request may name, such as one outside the US, is named and left out."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  cmek adopt keys/ && cmek plan keys/"})
final class AdoptCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final ServiceOptions services = new ServiceOptions();

    @Parameters(paramLabel = "DIR", description = "folder for the files, which is created if it is missing")
    private String folder = "";

    AdoptCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        Reports.Report report = Reports.newest(services.service(surroundings));
        Path into = Files.createDirectories(surroundings.folder().resolve(folder));
        int written = 0;
        int present = 0;
        int refused = 0;
        Set<String> seen = new TreeSet<>();
        for (Reports.Row row : report.rows()) {
            List<String> workspaces = new ArrayList<>(row.workspaces());
            if (workspaces.isEmpty()) {
                workspaces.add("");
            }
            for (String workspace : workspaces) {
                ObjectNode request = request(row, workspace);
                String id = request.path("requestId").asText();
                if (!seen.add(id)) {
                    // A second registration of the same key.
                    continue;
                }
                List<String> faults = RequestFiles.faults(request);
                if (!faults.isEmpty()) {
                    refused++;
                    output.line(
                            surroundings, "did not write " + id + ".json, which would be refused: " + faults.get(0));
                    continue;
                }
                Path file = into.resolve(id + ".json");
                try {
                    Files.writeString(file, pretty(request), StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
                    written++;
                    output.line(surroundings, "wrote " + folder.replaceAll("/$", "") + "/" + id + ".json");
                    output.object(surroundings, request);
                } catch (FileAlreadyExistsException e) {
                    present++;
                }
            }
        }
        output.line(
                surroundings,
                Output.number(written, "file") + " written, " + present + " kept, " + refused
                        + " not possible, from scan " + report.run());
        return Exit.WELL;
    }

    /** The request that finds everything as it is. */
    private static ObjectNode request(Reports.Row row, String workspace) {
        CryptoKeyName key = CryptoKeyName.parse(row.key());
        ObjectNode request = Json.MAPPER
                .createObjectNode()
                .put("requestId", id(key, workspace))
                .put("mode", "validate")
                .put("key", row.key());
        if (OnboardingRequest.isDisplayName(row.displayName())) {
            request.put("displayName", row.displayName());
        }
        if (!workspace.isEmpty()) {
            // It is attached: that this is permanent is the case already, whoever says so.
            request.put("workspaceId", workspace).put("acknowledgePermanent", true);
        }
        return request;
    }

    private static String id(CryptoKeyName key, String workspace) {
        String id = String.join(".", key.project(), key.location(), key.keyRing(), key.name())
                + (workspace.isEmpty() ? "" : "." + workspace);
        return id.length() <= 128
                ? id
                : id.substring(0, 95) + "." + cmek.model.Sha256.of(id).substring(0, 32);
    }

    private static String pretty(ObjectNode request) {
        try {
            return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(request) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
