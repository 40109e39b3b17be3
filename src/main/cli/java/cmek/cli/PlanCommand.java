package cmek.cli;

import cmek.cli.Batch.Ended;
import cmek.model.Json;
import cmek.model.Mode;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Publishes requests in mode {@code plan}, and says whether there is anything to do. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what onboarding the requests would do. Nothing is written at Google Cloud or Anthropic.",
            "Exit status 0 if there is nothing to do, 5 if there is something, 1 if something would be refused."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  cmek plan keys/",
            "  cmek plan --all keys/      also names keys that are registered and not declared, and the other way round"
        })
final class PlanCommand implements Callable<Integer> {

    /** What a step would write in Cloud KMS, which mode {@code validate} leaves to others. */
    private static final Set<String> IN_CLOUD_KMS = Set.of("WOULD_CREATE", "WOULD_LABEL", "WOULD_GRANT");

    /** What a step would write at Anthropic; that it would validate the key is not a write. */
    private static final Set<String> AT_ANTHROPIC = Set.of("WOULD_REGISTER", "WOULD_ATTACH");

    private final Surroundings surroundings;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final ServiceOptions services = new ServiceOptions();

    @Mixin
    private final FollowOptions following = new FollowOptions();

    @Option(
            names = "--all",
            description = "compare with the newest scan, too: these files are to declare every key of the organization")
    private boolean all;

    @Mixin
    private final BatchOptions batch = new BatchOptions();

    @Mixin
    private final RequestOptions requests = new RequestOptions();

    PlanCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Optional<List<Declared>> read = requests.read(output, surroundings);
        if (read.isEmpty()) {
            return Exit.REFUSED;
        }
        int outstanding = batch.outstanding();
        ServiceOptions.Service service = services.service(surroundings);
        Map<Batch.Order, Declared> declared = new HashMap<>();
        List<Batch.Order> orders = new ArrayList<>();
        for (Declared one : read.get()) {
            Batch.Order order = Publication.order(one, one.json().put("mode", Mode.PLAN.word()));
            orders.add(order);
            declared.put(order, one);
        }
        Publication publication = new Publication(surroundings, output, service, "onboarding-requests");
        List<Ended> ended = publication.follow(orders, following, outstanding);
        publication.summary(ended);
        boolean toDo = false;
        boolean wrong = false;
        output.line(surroundings, "");
        for (Ended one : ended) {
            List<String> would = would(one.result());
            Declared of = java.util.Objects.requireNonNull(declared.get(one.order()));
            boolean ofOthers = of.request().mode() == Mode.VALIDATE && isInCloudKms(would);
            toDo |= !would.isEmpty();
            wrong |= ofOthers;
            if (one.hasEnded() && one.status().equals("PLANNED")) {
                output.line(
                        surroundings,
                        of.place() + ": " + one.published().requestId() + ": "
                                + (would.isEmpty() ? "nothing to do" : String.join(", ", would))
                                + (ofOthers
                                        ? "; mode validate changes nothing in Cloud KMS, so it would be refused"
                                        : ""));
            }
        }
        if (all) {
            toDo |= compare(read.get(), service);
        }
        int exit = Publication.exit(ended);
        if (exit != Exit.WELL) {
            return exit;
        }
        return wrong ? Exit.REFUSED : toDo ? Exit.TO_DO : Exit.WELL;
    }

    private static boolean isInCloudKms(List<String> would) {
        return would.stream().anyMatch(step -> IN_CLOUD_KMS.contains(step.substring(step.indexOf(' ') + 1)));
    }

    private static List<String> would(JsonNode result) {
        List<String> would = new ArrayList<>();
        result.path("steps").forEach(step -> {
            String outcome = step.path("outcome").asText();
            if (IN_CLOUD_KMS.contains(outcome) || AT_ANTHROPIC.contains(outcome)) {
                would.add(step.path("step").asText() + " " + outcome);
            }
        });
        return would;
    }

    /** Names what is declared or registered on one side only. */
    private boolean compare(List<Declared> requests, ServiceOptions.Service service) {
        Reports.Report report = Reports.newest(service);
        Set<String> declared = new HashSet<>();
        requests.forEach(one -> declared.add(one.request().key().toString()));
        boolean different = false;
        for (Reports.Row row : report.rows()) {
            if (!declared.contains(row.key())) {
                different = true;
                difference(
                        row.key(),
                        row.workspaces().isEmpty() ? "registered" : "attached",
                        row.key() + " is "
                                + (row.workspaces().isEmpty()
                                        ? "registered"
                                        : "attached to " + String.join(", ", row.workspaces()))
                                + " and not declared: cmek adopt writes a request file for it");
            }
        }
        Set<String> registered = new HashSet<>();
        report.rows().forEach(row -> registered.add(row.key()));
        for (Declared one : requests) {
            String key = one.request().key().toString();
            if (!registered.contains(key)) {
                different = true;
                difference(
                        key,
                        "declared",
                        key + " is declared (" + one.place() + ") and was not registered when scan " + report.run()
                                + " ran");
            }
        }
        return different;
    }

    private void difference(String key, String only, String line) {
        output.line(surroundings, line);
        output.object(
                surroundings, Json.MAPPER.createObjectNode().put("key", key).put("only", only));
    }
}
