package cmek.cli;

import cmek.client.pubsub.PubSubHttp.Message;
import cmek.client.storage.EvidenceStorage;
import cmek.finding.TransientException;
import cmek.model.Json;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts a scan. */
@Command(
        name = "scan",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a scan of all keys now, and waits for its report.",
            "Exit status 1 if the scan is incomplete; cmek list says whether the keys are healthy."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  cmek scan && cmek list --unhealthy", "  cmek scan --no-wait"})
final class ScanCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final ServiceOptions services = new ServiceOptions();

    @Option(names = "--no-wait", description = "return at once")
    private boolean noWait;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "4500",
            description = "how long to wait for the report (default: 4500); the scan goes on after that")
    private int timeout = 4500;

    ScanCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        ServiceOptions.Service service = services.service(surroundings);
        Set<String> before = noWait ? Set.of() : new HashSet<>(Reports.runs(service.evidence()));
        String id = service.pubsub().publish(service.topic("scan"), Message.of("", Map.of("trigger", "manual")));
        output.line(surroundings, "started a scan by message " + id);
        if (noWait) {
            output.object(surroundings, Json.MAPPER.createObjectNode().put("messageId", id));
            return Exit.WELL;
        }
        Instant until = surroundings.clock().instant().plusSeconds(timeout);
        while (surroundings.clock().instant().isBefore(until)) {
            Optional<String> run = runIfItCanBeRead(service.evidence(), before, id);
            if (run.isPresent()) {
                output.line(surroundings, "report: " + Reports.url(service, run.get(), ".html"));
                output.object(surroundings, Json.MAPPER.createObjectNode().put("run", run.get()));
                return isComplete(service, run.get()) ? Exit.WELL : Exit.REFUSED;
            }
            surroundings.sleeper().pause(java.time.Duration.ofSeconds(2));
        }
        output.line(surroundings, "there is no report yet; the scan goes on, and cmek list shows its report later");
        return Exit.NOT_HEARD;
    }

    /** The scan goes on while the bucket cannot be read for a while, and so does this. */
    private Optional<String> runIfItCanBeRead(EvidenceStorage evidence, Set<String> before, String messageId) {
        try {
            return run(evidence, before, messageId);
        } catch (TransientException e) {
            surroundings.err().println("the bucket cannot be read at the moment, trying again: " + e.getMessage());
            return Optional.empty();
        }
    }

    private boolean isComplete(ServiceOptions.Service service, String run) {
        boolean complete =
                Reports.report(service, run).map(Reports.Report::isComplete).orElse(false);
        if (!complete) {
            surroundings.err().println("the scan is incomplete: its report says what could not be listed or checked");
        }
        return complete;
    }

    /** The scan that the message started, once it has a report. */
    private static Optional<String> run(EvidenceStorage evidence, Set<String> before, String messageId) {
        String hash = cmek.scan.RunId.ofScan(Instant.EPOCH, messageId).value();
        String end = hash.substring(hash.lastIndexOf('-'));
        return Reports.runs(evidence).stream()
                .filter(run -> !before.contains(run) && run.endsWith(end))
                .findFirst();
    }
}
