package cmek.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** A table of what was certified: each call of each client with each outcome, and how it differs from what is documented. */
public final class CertificationReport {

    private final Path file;
    private final Set<String> rows = new ConcurrentSkipListSet<>();

    public CertificationReport(String name) {
        this.file = Path.of("target", "certification", name);
    }

    /**
     * Adds a row.
     *
     * @param difference {@code same}, or the difference with its reason
     */
    public void add(String call, String client, String outcome, String difference) {
        rows.add(String.join(",", call, client, outcome, difference));
    }

    /** Writes the table. */
    public void write() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "call,client,outcome,as documented\n" + String.join("\n", rows) + "\n");
    }
}
