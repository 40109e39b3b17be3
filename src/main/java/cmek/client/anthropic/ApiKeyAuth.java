package cmek.client.anthropic;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import cmek.client.http.Secret;
import cmek.config.AdminKeyForm;
import cmek.config.CmekConfig;
import cmek.finding.AnthropicFindings;
import cmek.finding.PermanentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An Admin API key, from a setting or a file. Its value leaves this class only in a header. */
final class ApiKeyAuth implements AnthropicAuth {

    private final Optional<String> configured;
    private final Optional<Path> file;
    private @Nullable Secret read;

    ApiKeyAuth(CmekConfig config) {
        this(config.anthropic().adminKey(), config.anthropic().adminKeyFile());
    }

    ApiKeyAuth(Optional<String> configured, Optional<Path> file) {
        this.configured = configured;
        this.file = file;
    }

    @Override
    public synchronized AuthHeaders current() {
        if (configured.isPresent()) {
            // The configuration itself keeps it as a String for as long as the process runs.
            byte[] value = configured.get().getBytes(ISO_8859_1);
            return headers(key(value, "cmek.anthropic.admin-key"));
        }
        Secret value = read;
        if (value == null) {
            value = readFile();
            read = value;
        }
        return headers(value);
    }

    /** Reads the file again: a rotation needs no deployment. */
    @Override
    public synchronized boolean renew(AuthHeaders refused) {
        if (file.isEmpty()) {
            return false;
        }
        Secret fresh = readFile();
        if (read != null) {
            read.wipe();
        }
        read = fresh;
        return !headers(fresh).isSame(refused);
    }

    @Override
    public String toString() {
        return "ApiKeyAuth[…]";
    }

    private Secret readFile() {
        Path path = file.orElseThrow(
                () -> new PermanentException(AnthropicFindings.credentialRejected("no Admin API key is configured")));
        try {
            return key(Files.readAllBytes(path), "the file " + path);
        } catch (IOException e) {
            // The exception is not passed on: its message is only the path.
            throw new PermanentException(AnthropicFindings.credentialRejected("the file " + path + " cannot be read"));
        }
    }

    private static AuthHeaders headers(Secret key) {
        return AuthHeaders.ofKey(key.text());
    }

    /**
     * The key without the line break it is often stored with. A header may contain visible characters only, and an HTTP
     * client that finds others quotes them in its error. The message here does not: they may be a part of a key.
     */
    private static Secret key(byte[] text, String source) {
        try {
            int from = 0;
            int to = text.length;
            while (from < to && isBlank(text[from])) {
                from++;
            }
            while (from < to && isBlank(text[to - 1])) {
                to--;
            }
            byte[] key = Arrays.copyOfRange(text, from, to);
            AdminKeyForm.fault(key).ifPresent(fault -> {
                Arrays.fill(key, (byte) 0);
                throw new PermanentException(AnthropicFindings.credentialRejected(source + " " + fault));
            });
            return Secret.keeping(key);
        } finally {
            Arrays.fill(text, (byte) 0);
        }
    }

    private static boolean isBlank(byte letter) {
        return letter == ' ' || (letter >= '\t' && letter <= '\r');
    }
}
