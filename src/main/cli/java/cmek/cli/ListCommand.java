package cmek.cli;

import cmek.model.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the newest state of every key. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the state of every registered key, as the newest scan found it.",
            "Exit status 1 if a key is unhealthy or unreachable, or if the scan is incomplete."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  cmek list --project acme-cmek", "  cmek list --unhealthy --json"})
final class ListCommand implements Callable<Integer> {

    private static final List<String> BAD = List.of("UNHEALTHY", "UNREACHABLE");

    private final Surroundings surroundings;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final ServiceOptions services = new ServiceOptions();

    @Option(
            names = "--unhealthy",
            description = "only keys that are unhealthy or could not be checked, with what fixes them")
    private boolean unhealthy;

    ListCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Reports.Report report = Reports.newest(services.service(surroundings));
        List<Reports.Row> rows = report.rows().stream()
                .filter(row -> !unhealthy || BAD.contains(row.status()))
                .toList();
        output.line(
                surroundings,
                "scan " + report.run() + " of " + report.reportedAt()
                        + (report.isComplete() ? "" : ", which is incomplete: keys may be missing here"));
        output.table(
                surroundings,
                List.of("STATUS", "REASON", "WHO MUST ACT", "WORKSPACES", "KEY"),
                rows.stream()
                        .map(row -> List.of(
                                row.status(),
                                row.reason().orElse("-"),
                                row.actor().orElse("-"),
                                row.workspaces().isEmpty() ? "-" : String.join(" ", row.workspaces()),
                                row.key()))
                        .toList());
        rows.forEach(row -> {
            output.object(surroundings, json(row));
            if (unhealthy) {
                output.line(surroundings, "");
                output.line(surroundings, row.key() + ": " + row.message());
                row.remedy().forEach(line -> output.line(surroundings, "    fix: " + line));
            }
        });
        boolean bad = report.rows().stream().anyMatch(row -> BAD.contains(row.status()));
        return bad || !report.isComplete() ? Exit.REFUSED : Exit.WELL;
    }

    private static ObjectNode json(Reports.Row row) {
        return Json.MAPPER.valueToTree(row);
    }
}
