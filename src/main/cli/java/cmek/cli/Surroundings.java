package cmek.cli;

import cmek.client.http.Sleeper;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * All that the command gets from outside, so that a test can run it within its own process.
 *
 * @param folder where relative paths begin
 * @param terminal whether a person watches, who can be asked
 */
public record Surroundings(
        Map<String, String> environment,
        InputStream in,
        PrintStream out,
        PrintStream err,
        Path folder,
        boolean terminal,
        Clock clock,
        Sleeper sleeper) {

    public Surroundings {
        environment = Map.copyOf(environment);
    }

    /**
     * Asks a person; whatever is not clearly yes is no.
     *
     * @throws Usage when nobody can be asked
     */
    boolean agrees(String question) {
        if (!terminal) {
            throw new Usage("--yes is missing: nobody can be asked");
        }
        err.print(question + " [yes/no] ");
        err.flush();
        try {
            String answer = new BufferedReader(
                            new java.io.InputStreamReader(in, java.nio.charset.StandardCharsets.UTF_8))
                    .readLine();
            return answer != null && answer.strip().equalsIgnoreCase("yes");
        } catch (java.io.IOException e) {
            return false;
        }
    }
}
