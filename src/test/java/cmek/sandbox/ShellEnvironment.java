package cmek.sandbox;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the sandbox takes from the environment of the shell that starts it: settings, and the address of an emulator on this
 * machine. A credential or an address in there belongs to a deployment, and is refused.
 *
 * @param settings {@code CMEK_…} variables
 * @param emulator of Pub/Sub, where the shell names one
 */
record ShellEnvironment(Map<String, String> settings, Optional<URI> emulator) {

    private static final String EMULATOR = "PUBSUB_EMULATOR_HOST";

    /** The settings that only the sandbox itself makes: whom the service calls, as whom, and what it calls its resources. */
    private static final Pattern OF_A_DEPLOYMENT = Pattern.compile("CMEK_(ANTHROPIC|EVIDENCE|GOOGLE|HOST|TOPICS)_.*");

    private static final Pattern LOOPBACK =
            Pattern.compile("(?:http://)?((?:localhost|127\\.0\\.0\\.1|\\[::1]):[0-9]{1,5})/?");

    private static final int CONNECTS_WITHIN_MILLIS = 5_000;

    ShellEnvironment {
        settings = Map.copyOf(settings);
    }

    static ShellEnvironment parse(Map<String, String> variables) throws Options.UsageException {
        Map<String, String> settings = new TreeMap<>();
        Set<String> refused = new TreeSet<>();
        variables.forEach((name, value) -> {
            // Every spelling that the service reads as a setting.
            String setting = name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
            if (OF_A_DEPLOYMENT.matcher(setting).matches()) {
                refused.add(name);
            } else if (setting.startsWith("CMEK_")) {
                settings.put(name, value);
            }
        });
        if (!refused.isEmpty()) {
            throw new Options.UsageException(
                    String.join(", ", refused) + (refused.size() == 1 ? " is" : " are")
                            + " set in this shell, and the sandbox only uses its own credentials, addresses and names",
                    without(refused));
        }
        String emulator = variables.getOrDefault(EMULATOR, "").strip();
        if (!emulator.isEmpty() && !LOOPBACK.matcher(emulator).matches()) {
            throw new Options.UsageException(
                    EMULATOR + " is " + emulator
                            + ", and the sandbox only talks to this machine: HOST:PORT, where HOST is"
                            + " localhost, 127.0.0.1 or [::1]",
                    without(List.of(EMULATOR)));
        }
        return new ShellEnvironment(
                settings,
                Optional.of(emulator)
                        .filter(text -> !text.isEmpty())
                        .map(text ->
                                URI.create("http://" + LOOPBACK.matcher(text).replaceFirst("$1"))));
    }

    /** Refuses an emulator that is named and does not listen. */
    void requireEmulator() throws Options.UsageException {
        if (emulator.isPresent()) {
            URI url = emulator.get();
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), CONNECTS_WITHIN_MILLIS);
            } catch (IOException | IllegalArgumentException e) {
                throw new Options.UsageException(
                        EMULATOR + " is " + url.getAuthority() + ", where nothing answers",
                        "start the emulator there, or " + without(List.of(EMULATOR)));
            }
        }
    }

    private static String without(Iterable<String> names) {
        return "run: env -u " + String.join(" -u ", names) + " deployment/sandbox.sh";
    }
}
