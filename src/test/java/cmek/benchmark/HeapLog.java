package cmek.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a JVM's own log of its collections ({@code -Xlog:gc:file=…}) says of its heap. */
record HeapLog(Path file) {

    /** {@code … Pause Young (Allocation Failure) 71M->9M(247M) 3.1ms}. */
    private static final Pattern COLLECTION = Pattern.compile("Pause .* (\\d+)M->(\\d+)M\\((\\d+)M\\)");

    /** The most that was left by any collection, in megabytes: an upper bound of what was alive at once. */
    int mostAliveMegabytes() throws IOException {
        int most = 0;
        for (String line : Files.readAllLines(file)) {
            Matcher collection = COLLECTION.matcher(line);
            if (collection.find()) {
                most = Math.max(most, Integer.parseInt(collection.group(2)));
            }
        }
        return most;
    }
}
