package cmek.function;

import io.vertx.core.buffer.Buffer;

/**
 * JSON text that is read piece by piece and of which only so much is kept: a string that is too long is cut, and everything
 * else stays, so that what a message is called can still be read where its data is too large.
 */
final class ShortenedJson {

    private static final int STRING_AT_MOST = 512 * 1024;
    private static final int KEPT_AT_MOST = 768 * 1024;

    /** The letter after a backslash, and the four digits that may follow it: how much of an escape is still to come. */
    private static final int FIRST = 5;

    private static final int HEXADECIMAL = 4;

    private final int stringAtMost;
    private final int keptAtMost;
    private final Buffer kept = Buffer.buffer();
    private long bytes;
    private int string;
    private boolean inString;
    private int escape;
    private boolean cutting;
    private boolean isCut;

    ShortenedJson() {
        this(STRING_AT_MOST, KEPT_AT_MOST);
    }

    ShortenedJson(int stringAtMost, int keptAtMost) {
        this.stringAtMost = stringAtMost;
        this.keptAtMost = keptAtMost;
    }

    /** Reads on. */
    void append(Buffer more) {
        bytes += more.length();
        int from = 0;
        boolean keeping = true;
        for (int i = 0; i < more.length(); i++) {
            boolean keeps = keeps(more.getByte(i));
            if (keeps != keeping) {
                if (keeping) {
                    keep(more, from, i);
                }
                from = i;
                keeping = keeps;
            }
        }
        if (keeping) {
            keep(more, from, more.length());
        }
    }

    /** How many bytes came. */
    long bytes() {
        return bytes;
    }

    /** Whether a string was cut. */
    boolean isCut() {
        return isCut;
    }

    /** Whether there is too much beside its strings; what is kept is then no JSON. */
    boolean isTooLarge() {
        return kept.length() > keptAtMost;
    }

    Buffer kept() {
        return kept;
    }

    private void keep(Buffer more, int from, int to) {
        if (!isTooLarge()) {
            kept.appendBuffer(more, from, to - from);
        }
    }

    private boolean keeps(byte next) {
        if (!inString) {
            if (next == '"') {
                inString = true;
                string = 0;
                cutting = false;
            }
            return true;
        }
        boolean begins = escape == 0 && (next & 0xC0) != 0x80;
        if (escape > 0) {
            escape = next == 'u' && escape == FIRST ? HEXADECIMAL : escape == FIRST ? 0 : escape - 1;
        } else if (next == '"') {
            inString = false;
            return true;
        } else if (next == '\\') {
            escape = FIRST;
        }
        string++;
        // Never inside of an escape or of a character of several bytes.
        if (begins && string > stringAtMost) {
            cutting = true;
            isCut = true;
        }
        return !cutting;
    }
}
