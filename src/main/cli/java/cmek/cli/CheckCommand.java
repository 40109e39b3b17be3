package cmek.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

    @Mixin
    private final RequestOptions requests = new RequestOptions();

    CheckCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Optional<List<Declared>> read = requests.read(output, surroundings);
        read.ifPresent(all -> output.line(surroundings, Output.number(all.size(), "request") + ", nothing wrong"));
        return read.isPresent() ? Exit.WELL : Exit.REFUSED;
    }
}
