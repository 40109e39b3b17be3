package cmek.cli;

import cmek.cli.Batch.Order;
import cmek.client.pubsub.PubSubHttp.Message;
import cmek.model.EventTime;
import cmek.model.Json;
import cmek.onboarding.Onboarding;
import cmek.onboarding.state.Approvals;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Approves an attachment. */
@Command(
        name = "approve",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what would be attached and asks; then approves it, and follows it to its end.",
            "The digest is in the result AWAITING_APPROVAL: cmek status shows it."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  cmek approve --project acme-cmek 2b5f…"})
final class ApproveCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final ServiceOptions services = new ServiceOptions();

    @Mixin
    private final FollowOptions following = new FollowOptions();

    @Option(names = "--yes", description = "approve without asking; an attachment cannot be undone")
    private boolean yes;

    @Parameters(paramLabel = "DIGEST", description = "what the result asks to approve")
    private String digest = "";

    ApproveCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        if (!Onboarding.DIGEST.matcher(digest).matches()) {
            throw new Usage("'" + digest + "' is not a digest of 64 hexadecimal digits");
        }
        ServiceOptions.Service service = services.service(surroundings);
        String approval = Json.written(Json.MAPPER.createObjectNode().put("approve", digest));
        Approvals.Asked asked = new Approvals(service.evidence())
                .asked(approval.getBytes(StandardCharsets.UTF_8))
                .orElseThrow(() -> new Usage("nobody asked to approve " + digest + " in "
                        + service.evidence().url("approvals/")));
        Onboarding onboarding = asked.approval().onboarding();
        String requestId = onboarding.request().requestId();
        surroundings
                .err()
                .println("request " + requestId + ", accepted at " + EventTime.written(onboarding.acceptedAt())
                        + ", asked for approval at " + EventTime.written(asked.at()));
        asked.approval().shown().forEach(line -> surroundings.err().println("  " + line));
        if (!surroundings.clock().instant().isBefore(asked.until())) {
            surroundings
                    .err()
                    .println("cmek approve: this could be approved until " + EventTime.written(asked.until())
                            + "; publish the request again");
            return Exit.REFUSED;
        }
        if (!yes && !surroundings.agrees("Approve? It cannot be undone.")) {
            surroundings.err().println("nothing was approved");
            return Exit.USAGE;
        }
        Publication publication = new Publication(surroundings, output, service, "approvals");
        return publication.followToTheEnds(
                List.of(new Order(digest, Optional.of(requestId), Message.of(approval, Map.of()))), following, 1);
    }
}
