package cmek.cli;

import cmek.client.http.Retry;
import cmek.finding.PermanentException;
import cmek.finding.TransientException;
import cmek.model.SafeText;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.logging.LogManager;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code cmek}. */
@Command(
        name = "cmek",
        mixinStandardHelpOptions = true,
        versionProvider = Cmek.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Hands your own Cloud KMS keys to Anthropic (customer-managed encryption keys, CMEK).",
            "",
            "Checks request files, publishes them, and follows each request to its end.",
            ""
        },
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:all is well",
            "1:something was refused, failed or is wrong",
            "2:wrong usage",
            "3:an approval is awaited",
            "4:not everything was heard in time; it goes on all the same",
            "5:a plan found something to do"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  cmek check keys/",
            "  cmek plan keys/",
            "  cmek onboard keys/payments.yaml",
            "  cmek status payments-prod",
            "  source <(cmek completion)"
        })
public final class Cmek implements Runnable {

    private static final int SHOWN = 2_000;

    private Cmek() {}

    /** Runs the command. */
    public static void main(String[] arguments) {
        // What the libraries log is for operators of a service.
        LogManager.getLogManager().reset();
        Surroundings surroundings = new Surroundings(
                System.getenv(),
                System.in,
                new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                Path.of(""),
                Boolean.getBoolean("cmek.terminal"),
                Clock.systemUTC(),
                Retry.SLEEPING);
        System.exit(run(surroundings, arguments));
    }

    /** Runs the command and returns its exit status. */
    public static int run(Surroundings surroundings, String... arguments) {
        CommandLine command = commands(surroundings)
                .setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8))
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(110)
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setParameterExceptionHandler(
                        (e, given) -> usage(surroundings, e.getCommandLine(), String.valueOf(e.getMessage())))
                .setExecutionExceptionHandler((e, failed, parsed) -> failed(surroundings, failed, e));
        return command.execute(arguments);
    }

    private static CommandLine commands(Surroundings surroundings) {
        CommandLine root = new CommandLine(new Cmek())
                .addSubcommand(new CheckCommand(surroundings))
                .addSubcommand(new PlanCommand(surroundings))
                .addSubcommand(new OnboardCommand(surroundings))
                .addSubcommand(new StatusCommand(surroundings))
                .addSubcommand(new ListCommand(surroundings))
                .addSubcommand(new ApproveCommand(surroundings))
                .addSubcommand(new ScanCommand(surroundings))
                .addSubcommand(new AdoptCommand(surroundings))
                .addSubcommand(new ExportCommand(surroundings))
                .addSubcommand(new DeadLettersCommand(surroundings));
        root.addSubcommand(new CompletionCommand(surroundings, root));
        return root;
    }

    /** Prints the help: nothing is done by itself. */
    @Override
    public void run() {
        throw new Usage("the command is missing");
    }

    private static int usage(Surroundings surroundings, CommandLine command, String message) {
        String name = command.getCommandSpec().qualifiedName();
        surroundings.err().println(name + ": " + SafeText.sanitize(message, SHOWN));
        surroundings.err().println("run " + name + " --help for help");
        return Exit.USAGE;
    }

    private static int failed(Surroundings surroundings, CommandLine command, Exception failure) {
        String name = command.getCommandSpec().qualifiedName();
        if (failure instanceof Usage) {
            return usage(surroundings, command, String.valueOf(failure.getMessage()));
        }
        if (failure instanceof PermanentException refused) {
            surroundings.err().println(name + ": " + refused.finding().message());
            refused.finding().remedy().forEach(line -> surroundings.err().println("    fix: " + line));
            return Exit.REFUSED;
        }
        if (failure instanceof TransientException) {
            surroundings
                    .err()
                    .println(name + ": "
                            + SafeText.sanitize(
                                    Optional.ofNullable(failure.getMessage()).orElse("no answer"), SHOWN));
            surroundings.err().println("    fix: run the command again");
            return Exit.REFUSED;
        }
        surroundings.err().println(name + ": " + SafeText.sanitize(failure.toString(), SHOWN));
        return Exit.REFUSED;
    }

    /** The version of the jar. */
    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {
                Optional.ofNullable(Cmek.class.getPackage().getImplementationVersion())
                        .orElse("not packaged")
            };
        }
    }

    /** Prints what makes a shell complete the command's words. */
    @Command(
            name = "completion",
            description = "Prints a script for completion in bash or zsh: source <(cmek completion)",
            mixinStandardHelpOptions = true)
    static final class CompletionCommand implements Runnable {

        private final Surroundings surroundings;
        private final CommandLine root;

        CompletionCommand(Surroundings surroundings, CommandLine root) {
            this.surroundings = surroundings;
            this.root = root;
        }

        @Override
        public void run() {
            surroundings.out().println(AutoComplete.bash("cmek", root));
        }
    }
}
