package cmek.cli;

import cmek.cli.Batch.Ended;
import cmek.model.Mode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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

    @Option(
            names = "--outstanding",
            paramLabel = "NUMBER",
            defaultValue = "20",
            description = "how many requests may be under way at a time (default: 20)")
    private int outstanding = 20;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|DIR",
            description = "JSON or YAML files, folders of such files, or - for standard input")
    private List<String> places = List.of();

    OnboardCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        RequestFiles.Read read = RequestFiles.read(places, surroundings);
        if (!read.faults().isEmpty()) {
            return CheckCommand.report(read.faults(), output, surroundings);
        }
        if (outstanding < 1) {
            throw new Usage("--outstanding " + outstanding + " is not a number of requests");
        }
        ServiceOptions.Service service = services.service(surroundings);
        if (!isAgreed(read.requests())) {
            surroundings.err().println("nothing was published");
            return Exit.USAGE;
        }
        List<Batch.Order> orders = read.requests().stream()
                .map(declared -> Publication.order(declared, declared.json()))
                .toList();
        Publication publication = new Publication(surroundings, output, service, "onboarding-requests");
        if (noWait) {
            return publication.publish(orders);
        }
        List<Ended> ended = publication.follow(orders, following, outstanding);
        publication.summary(ended);
        return Publication.exit(ended.stream().map(Ended::status).toList());
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
        if (!surroundings.terminal()) {
            throw new Usage("--yes is missing: nobody can be asked");
        }
        return surroundings.agrees("Attach " + attaching.size() + (attaching.size() == 1 ? " key?" : " keys?"));
    }
}
