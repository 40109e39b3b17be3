package cmek.cli;

import cmek.client.storage.EvidenceStorage;
import cmek.model.Json;
import cmek.model.OnboardingRequest;
import cmek.onboarding.state.NewestResults;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows where requests are. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows where requests are, by their newest results in the evidence bucket.",
        footerHeading = "%nExamples:%n",
        footer = {"  cmek status payments-prod", "  cmek status --json payments-prod billing-prod"})
final class StatusCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final ServiceOptions services = new ServiceOptions();

    @Parameters(arity = "1..*", paramLabel = "ID", description = "ids of requests")
    private List<String> ids = List.of();

    StatusCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        ids.stream()
                .filter(id -> !OnboardingRequest.ID.matcher(id).matches())
                .findFirst()
                .ifPresent(id -> {
                    throw new Usage("'" + id + "' is not the id of a request");
                });
        EvidenceStorage evidence = services.service(surroundings).evidence();
        boolean unknown = false;
        List<String> newest = new ArrayList<>();
        for (String id : ids) {
            List<JsonNode> results = results(evidence, id);
            if (results.isEmpty()) {
                unknown = true;
                surroundings
                        .err()
                        .println("cmek status: there is no result of " + id + " in "
                                + evidence.url(NewestResults.folder(id)) + "; check the id, or publish the request");
            }
            results.forEach(result -> show(id, result));
            if (!results.isEmpty()) {
                newest.add(newest(results).path("status").asText());
            }
        }
        int exit = Publication.exitOf(newest);
        return unknown ? Exit.REFUSED : exit;
    }

    /** A plan says what would be; how the request stands, its other messages say, if there are any. */
    private static JsonNode newest(List<JsonNode> results) {
        List<JsonNode> notPlanned = results.stream()
                .filter(result -> !result.path("mode").asText().equals("plan"))
                .toList();
        List<JsonNode> telling = notPlanned.isEmpty() ? results : notPlanned;
        return telling.get(telling.size() - 1);
    }

    /** One of each message of the request, the newest last. */
    private static List<JsonNode> results(EvidenceStorage evidence, String id) {
        List<JsonNode> results = new ArrayList<>();
        for (String name : evidence.list(NewestResults.folder(id))) {
            evidence.read(name)
                    .map(stored -> Json.tree(stored.text()))
                    // What is not JSON was not written by the service.
                    .filter(result -> !result.isMissingNode())
                    .ifPresent(results::add);
        }
        results.sort(Comparator.comparing(result -> result.path("occurredAt").asText()));
        return results;
    }

    private void show(String id, JsonNode result) {
        String status = result.path("status").asText();
        String reason = Publication.text(result, "reason");
        output.object(surroundings, result);
        output.line(
                surroundings,
                status,
                id + "  " + status + "  " + Publication.text(result, "occurredAt") + "  "
                        + result.path("step").asText() + "  " + (reason.equals("-") ? "" : reason + ": ")
                        + result.path("message").asText());
        if (result.path("actor").isTextual()) {
            output.line(
                    surroundings, "    who must act: " + result.path("actor").asText());
        }
        result.path("remedy").forEach(line -> output.line(surroundings, "    fix: " + line.asText()));
    }
}
