package cmek.client.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.api.client.http.HttpContent;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A text in pieces, of which it holds one at a time; with its length, so that a broken-off upload does not become an
 * object.
 */
final class Content implements HttpContent {

    private final String type;
    private final Iterable<String> pieces;
    private final long length;

    Content(String type, Iterable<String> pieces) {
        this.type = type;
        this.pieces = pieces;
        long bytes = 0;
        for (String piece : pieces) {
            bytes += piece.getBytes(UTF_8).length;
        }
        this.length = bytes;
    }

    @Override
    public long getLength() {
        return length;
    }

    @Override
    public String getType() {
        return type;
    }

    @Override
    public boolean retrySupported() {
        return true;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        for (String piece : pieces) {
            out.write(piece.getBytes(UTF_8));
        }
        out.flush();
    }
}
