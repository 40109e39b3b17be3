package cmek.config;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Optional;

/** What an Admin API key looks like. What is said about one that looks otherwise shows nothing of it. */
public final class AdminKeyForm {

    private static final byte[] OF_ANTHROPIC = "sk-ant-".getBytes(US_ASCII);
    private static final byte[] OF_ADMINISTRATORS = "sk-ant-admin".getBytes(US_ASCII);

    private AdminKeyForm() {}

    /**
     * What is wrong with a key, without the line break that it is often stored with; empty when nothing is.
     *
     * @return the end of a sentence that names where it came from
     */
    public static Optional<String> fault(byte[] key) {
        if (key.length == 0) {
            return Optional.of("does not hold an Admin API key");
        }
        if (isQuotationMark(key[0]) || isQuotationMark(key[key.length - 1])) {
            return Optional.of("holds a key in quotation marks: remove them");
        }
        for (byte letter : key) {
            // A header may contain visible characters only.
            if (letter < '!' || letter > '~') {
                return Optional.of("does not hold an Admin API key");
            }
        }
        return startsWith(key, OF_ANTHROPIC) && !startsWith(key, OF_ADMINISTRATORS)
                ? Optional.of(
                        "holds another kind of key: the Admin API needs an Admin API key (sk-ant-admin…), which an"
                                + " administrator creates in Anthropic's Console")
                : Optional.empty();
    }

    private static boolean isQuotationMark(byte letter) {
        return letter == '"' || letter == '\'' || letter == '`';
    }

    private static boolean startsWith(byte[] key, byte[] start) {
        if (key.length < start.length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            if (key[i] != start[i]) {
                return false;
            }
        }
        return true;
    }
}
