package cmek.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Parameters;

/** Which request files are meant. */
final class RequestOptions {

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|DIR",
            description = "JSON or YAML files, folders of such files, or - for standard input")
    private List<String> places = List.of();

    /** Reads them; where something is wrong, says all of it and is empty. */
    Optional<List<Declared>> read(Output output, Surroundings surroundings) {
        RequestFiles.Read read = RequestFiles.read(places, surroundings);
        if (read.faults().isEmpty()) {
            return Optional.of(read.requests());
        }
        read.faults().forEach(fault -> {
            fault.shown().lines().forEach(line -> output.line(surroundings, line));
            output.object(surroundings, fault.json());
        });
        output.line(surroundings, Output.number(read.faults().size(), "fault") + "; nothing was published");
        return Optional.empty();
    }
}
