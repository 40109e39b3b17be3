package cmek.cli;

import cmek.cli.ServiceOptions.Service;
import cmek.client.storage.EvidenceStorage;
import cmek.model.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The reports of scans, in the bucket of the reports or with the rest of the evidence. */
final class Reports {

    private static final String SCANS = "scans/";

    private Reports() {}

    /**
     * A row of a report: one registered key.
     *
     * @param key its full resource name
     * @param reason of the worst finding
     */
    record Row(
            String key,
            String externalKeyId,
            String displayName,
            String status,
            List<String> workspaces,
            Optional<String> reason,
            Optional<String> actor,
            String message,
            List<String> remedy,
            String checkedAt) {

        Row {
            workspaces = List.copyOf(workspaces);
            remedy = List.copyOf(remedy);
        }
    }

    /** A report as far as it is read here. */
    record Report(String run, String status, String reportedAt, List<Row> rows) {

        Report {
            rows = List.copyOf(rows);
        }

        /** Whether every key was listed and checked. */
        boolean isComplete() {
            return !status.equals("SCAN_INCOMPLETE");
        }
    }

    /** The scans with a report, the oldest first. */
    static List<String> runs(EvidenceStorage evidence) {
        return evidence.list(SCANS).stream()
                .filter(name -> name.endsWith(".json"))
                .map(name -> name.substring(SCANS.length(), name.length() - ".json".length()))
                .toList();
    }

    /**
     * The newest report.
     *
     * @throws Usage when there is none
     */
    static Report newest(Service service) {
        List<String> runs = runs(service.evidence());
        for (int i = runs.size() - 1; i >= 0; i--) {
            Optional<Report> report = report(service, runs.get(i));
            if (report.isPresent()) {
                return report.get();
            }
        }
        throw new Usage("there is no report of a scan in " + service.evidence().url("runs/") + ": run cmek scan first");
    }

    /** The report of a scan; empty where it has none. */
    static Optional<Report> report(Service service, String run) {
        try {
            return read(service, run, ".json", in -> report(run, Json.MAPPER.readTree(in)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Reads a form of a report, wherever it is; empty where there is none. */
    static <T> Optional<T> read(Service service, String run, String ending, EvidenceStorage.Reading<T> reading)
            throws IOException {
        Optional<T> found = service.reports().read(name(run, ending), reading);
        return found.isPresent() ? found : service.evidence().read(name(run, ending), reading);
    }

    /** Where a report is, as a URL. */
    static String url(Service service, String run, String ending) {
        boolean apart = service.reports().read(name(run, ending)).isPresent();
        return (apart ? service.reports() : service.evidence()).url(name(run, ending));
    }

    /** The name of a form of a report in its bucket. */
    static String name(String run, String ending) {
        return "runs/" + run + "/report" + ending;
    }

    /** Releases differ in where they say what: rows or keys, and the figures of the run beside them or in an object. */
    private static Report report(String run, JsonNode json) {
        List<Row> rows = new ArrayList<>();
        (json.has("rows") ? json.path("rows") : json.path("keys")).forEach(row -> rows.add(row(row)));
        JsonNode head = json.path("run").isObject() ? json.path("run") : json;
        return new Report(
                run, head.path("status").asText(), head.path("reportedAt").asText(), rows);
    }

    /** Another release may have more fields, or not all of these. */
    private static Row row(JsonNode row) {
        JsonNode key = row.path("key").isObject() ? row.path("key") : row;
        JsonNode worst = row.path("findings").path(0);
        List<String> workspaces = new ArrayList<>();
        key.path("workspaces").forEach(workspace -> {
            if (!workspace.path("archived").asBoolean()) {
                workspaces.add(workspace.path("id").asText());
            }
        });
        List<String> remedy = new ArrayList<>();
        worst.path("remedy").forEach(line -> remedy.add(line.asText()));
        return new Row(
                key.path("key").asText(),
                key.has("id")
                        ? key.path("id").asText()
                        : key.path("externalKeyId").asText(),
                key.path("displayName").asText(""),
                row.path("status").asText(),
                workspaces,
                text(worst, "reason"),
                text(worst, "actor"),
                worst.path("message").asText(""),
                remedy,
                row.has("inspectedAt")
                        ? row.path("inspectedAt").asText()
                        : row.path("checkedAt").asText());
    }

    private static Optional<String> text(JsonNode json, String field) {
        return Optional.of(json.path(field)).filter(JsonNode::isTextual).map(JsonNode::asText);
    }
}
