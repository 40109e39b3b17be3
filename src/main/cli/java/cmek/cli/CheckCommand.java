package cmek.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Checks request files without any call. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Checks request files and prints everything that is wrong, each with file, line and fix.",
            "Needs neither credentials nor a network. What your deployment allows, it cannot know."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  cmek check deployment/examples/provision.json",
            "  cmek check keys/",
            "  cat request.yaml | cmek check -"
        })
final class CheckCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final Output output = new Output();

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|DIR",
            description = "JSON or YAML files, folders of such files, or - for standard input")
    private List<String> places = List.of();

    CheckCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        RequestFiles.Read read = RequestFiles.read(places, surroundings);
        if (!read.faults().isEmpty()) {
            return report(read.faults(), output, surroundings);
        }
        int count = read.requests().size();
        output.line(surroundings, count + (count == 1 ? " request" : " requests") + ", nothing wrong");
        return Exit.WELL;
    }

    /** Prints what is wrong; returns the exit status. */
    static int report(List<Fault> faults, Output output, Surroundings surroundings) {
        faults.forEach(fault -> {
            fault.shown().lines().forEach(line -> output.line(surroundings, line));
            output.object(surroundings, fault.json());
        });
        output.line(
                surroundings, faults.size() + (faults.size() == 1 ? " fault" : " faults") + "; nothing was published");
        return Exit.REFUSED;
    }
}
