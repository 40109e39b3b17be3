package cmek.sandbox;

import java.util.ArrayList;
import java.util.List;

/**
 * What was asked for on the command line.
 *
 * @param faults what to break, see {@link NamedFault}
 * @param times how often the same requests run, one after another, in the same APIs
 * @param keyless whether the service has a federation with Anthropic in the place of an Admin API key
 * @param calls whether to list the outside calls
 * @param scan whether a scan is run instead of requests
 * @param serve whether the simulated APIs and the service go on when all is done
 * @param requests files, {@code -} for standard input
 */
record Options(
        List<NamedFault> faults,
        int times,
        boolean keyless,
        boolean calls,
        boolean scan,
        boolean serve,
        boolean help,
        List<String> requests) {

    private static final int TIMES_AT_MOST = 100;

    Options {
        faults = List.copyOf(faults);
        requests = List.copyOf(requests);
    }

    /** A command line, or what it names, that cannot be used; the message is two lines: why, and what to do. */
    static final class UsageException extends Exception {

        private static final long serialVersionUID = 1;

        UsageException(String why) {
            this(why, "run deployment/sandbox.sh --help for all options");
        }

        UsageException(String why, String whatToDo) {
            super("sandbox: " + why + System.lineSeparator() + whatToDo);
        }
    }

    static Options parse(List<String> arguments) throws UsageException {
        List<NamedFault> faults = new ArrayList<>();
        List<String> requests = new ArrayList<>();
        int times = 1;
        boolean keyless = false;
        boolean calls = false;
        boolean scan = false;
        boolean serve = false;
        boolean help = false;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            switch (argument) {
                case "--fault" -> faults.add(NamedFault.parse(value(arguments, ++i, argument)));
                case "--times" -> times = times(value(arguments, ++i, argument));
                case "--keyless" -> keyless = true;
                case "--calls" -> calls = true;
                case "--scan" -> scan = true;
                case "--serve" -> serve = true;
                case "--help", "-h" -> help = true;
                default -> {
                    if (argument.startsWith("-") && !argument.equals("-")) {
                        throw new UsageException("unknown option " + argument);
                    }
                    requests.add(argument);
                }
            }
        }
        if (scan && !requests.isEmpty()) {
            throw new UsageException("--scan takes no request: " + requests.get(0));
        }
        if (serve && calls) {
            throw new UsageException("--calls lists the calls of what ends, and --serve does not end");
        }
        return new Options(faults, times, keyless, calls, scan, serve, help, requests);
    }

    static String usage() {
        StringBuilder usage = new StringBuilder("""
                usage: deployment/sandbox.sh [--fault NAME]… [--times N] [--keyless] [--calls] [REQUEST.json|-]…
                       deployment/sandbox.sh --scan [--fault NAME]… [--times N] [--calls]
                       deployment/sandbox.sh --serve [--scan] [--fault NAME]… [--keyless] [REQUEST.json]…

                Runs the real functions on this machine against simulated outside APIs: publishes each request
                (deployment/examples/provision.json where none is named) and follows it to its end. Results are printed
                on standard output, one JSON object a line; the steps are shown on standard error as they happen.

                  --scan         checks every key of an estate, twice, with all sorts of harm done in between, and
                                 writes the second scan's report to target/scan/
                  --serve        keeps the simulated APIs and the service running until Ctrl-C, and prints the environment
                                 that points gcloud, SDKs and your own tools at them; publishes the requests that are named
                  --fault NAME   breaks the APIs on purpose; may be repeated
                  --times N      runs the same requests N times in the same APIs, or N scans after the harm was done
                  --keyless      lets the service show its Google identity to Anthropic instead of an Admin API key
                  --calls        prints the outside calls made, one a line, after the results
                  -              reads a request from standard input

                Keys in projects acme-* are allowed. CMEK_POLICY_… in the environment sets another policy; other CMEK_…
                variables set other settings, except credentials, addresses and names of resources: the sandbox has its
                own, and only talks to this machine. If PUBSUB_EMULATOR_HOST is set, that emulator carries the messages.

                Exit status: 0 every request ended well or every key was checked, 1 one was refused, failed or not seen,
                or the service did not start, 2 usage.

                Faults:
                """);
        NamedFault.descriptions()
                .forEach((name, description) -> usage.append(String.format("  %-20s %s%n", name, description)));
        return usage.toString();
    }

    private static String value(List<String> arguments, int index, String option) throws UsageException {
        if (index >= arguments.size()) {
            throw new UsageException(option + " needs a value");
        }
        return arguments.get(index);
    }

    private static int times(String text) throws UsageException {
        if (!text.matches("[0-9]{1,3}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > TIMES_AT_MOST) {
            throw new UsageException("--times is a number from 1 to " + TIMES_AT_MOST + ", not " + text);
        }
        return Integer.parseInt(text);
    }
}
