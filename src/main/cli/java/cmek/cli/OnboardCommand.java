package cmek.cli;

import cmek.model.Mode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Publishes requests and follows each to its end. */
@Command(
        name = "onboard",
        mixinStandardHelpOptions = true,
        description = {
            "Publishes requests and follows each to its end. Nothing is published if a file has a fault.",
            "A request can be published again at any time: what is done already is not written again."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  cmek onboard --project acme-cmek deployment/examples/provision.json",
            "  cmek onboard --yes keys/                    in a pipeline, after a review",
            "  cmek onboard --no-wait keys/"
        })
final class OnboardCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final ServiceOptions services = new ServiceOptions();

    @Mixin
    private final FollowOptions following = new FollowOptions();

    @Option(names = "--no-wait", description = "publish and return at once")
    private boolean noWait;

    @Option(names = "--yes", description = "attach without asking; an attachment cannot be undone")
    private boolean yes;

    @Mixin
    private final BatchOptions batch = new BatchOptions();

    @Mixin
    private final RequestOptions requests = new RequestOptions();

    OnboardCommand(Surroundings surroundings) {
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
        if (!isAgreed(read.get())) {
            surroundings.err().println("nothing was published");
            return Exit.USAGE;
        }
        List<Batch.Order> orders = read.get().stream()
                .map(declared -> Publication.order(declared, declared.json()))
                .toList();
        Publication publication = new Publication(surroundings, output, service, "onboarding-requests");
        if (noWait) {
            return publication.publish(orders);
        }
        return publication.followToTheEnds(orders, following, outstanding);
    }

    private boolean isAgreed(List<Declared> requests) {
        List<Declared> attaching = requests.stream()
                .filter(declared -> declared.request().workspaceId().isPresent()
                        && declared.request().mode() != Mode.PLAN)
                .toList();
        if (attaching.isEmpty() || yes) {
            return true;
        }
        surroundings.err().println("These workspaces get these keys permanently; it cannot be undone:");
        attaching.forEach(declared -> surroundings
                .err()
                .println("  " + declared.request().workspaceId().orElseThrow() + "  "
                        + declared.request().key() + "  (" + declared.place() + ")"));
        return surroundings.agrees("Attach " + Output.number(attaching.size(), "key") + "?");
    }
}
