package cmek.client.anthropic;

import cmek.config.CmekConfig;
import cmek.onboarding.Findings;
import cmek.onboarding.RefusedException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The credential of the Admin API. Its value leaves this class only into a header. */
@Singleton
class AdminKey {

    /** What a header can carry; a client that meets anything else says so by quoting it. */
    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]+");

    private final Optional<String> configured;
    private final Optional<Path> file;
    private @Nullable String read;

    @Inject
    AdminKey(CmekConfig config) {
        this(config.anthropic().adminKey(), config.anthropic().adminKeyFile());
    }

    AdminKey(Optional<String> configured, Optional<Path> file) {
        this.configured = configured;
        this.file = file;
    }

    /**
     * The key's value.
     *
     * @throws RefusedException when there is none, or the file cannot be read
     */
    synchronized String value() {
        if (configured.isPresent()) {
            return key(configured.get(), "cmek.anthropic.admin-key");
        }
        String value = read;
        if (value == null) {
            value = readFile();
            read = value;
        }
        return value;
    }

    /**
     * Reads the file again after the vendor refused what was in it.
     *
     * @param refused the value that was refused
     * @return whether there is another value now, with which a call is worth one more try
     */
    synchronized boolean renew(String refused) {
        if (file.isEmpty()) {
            return false;
        }
        read = readFile();
        return !refused.equals(read);
    }

    @Override
    public String toString() {
        return "AdminKey[…]";
    }

    private String readFile() {
        Path path = file.orElseThrow(
                () -> new RefusedException(Findings.credentialRejected("no Admin API key is configured")));
        try {
            return key(Files.readString(path), "the file " + path);
        } catch (IOException e) {
            // The exception is not passed on: its text is the path, which is all there is to say.
            throw new RefusedException(Findings.credentialRejected("the file " + path + " cannot be read"));
        }
    }

    /** The key without the line break it is often stored with; what is no key is not shown, for it may be half a one. */
    private static String key(String text, String source) {
        String value = text.strip();
        if (!VISIBLE.matcher(value).matches()) {
            throw new RefusedException(Findings.credentialRejected(source + " holds no key"));
        }
        return value;
    }
}
