package cmek.cli;

import picocli.CommandLine.Option;

/** How many requests are under way at a time. */
final class BatchOptions {

    @Option(
            names = "--outstanding",
            paramLabel = "NUMBER",
            defaultValue = "20",
            description = "how many requests may be under way at a time (default: 20)")
    private int outstanding = 20;

    int outstanding() {
        if (outstanding < 1) {
            throw new Usage("--outstanding " + outstanding + " is not a number of requests");
        }
        return outstanding;
    }
}
