package cmek.client.storage;

import com.google.api.client.http.HttpContent;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** What is written is sent while it is written; with its length, so that an upload that breaks off makes no object. */
final class Content implements HttpContent {

    private final String type;
    private final EvidenceStorage.Writing writing;
    private final long length;

    Content(String type, EvidenceStorage.Writing writing) {
        this.type = type;
        this.writing = writing;
        this.length = length(writing);
    }

    private static long length(EvidenceStorage.Writing writing) {
        Counter counter = new Counter();
        try {
            writing.to(counter);
        } catch (IOException e) {
            throw new UncheckedIOException("the content cannot be written", e);
        }
        return counter.bytes;
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
        writing.to(out);
        out.flush();
    }

    /** Keeps nothing but the number of bytes. */
    private static final class Counter extends OutputStream {

        private long bytes;

        @Override
        public void write(int single) {
            bytes++;
        }

        @Override
        public void write(byte[] some, int offset, int length) {
            bytes += length;
        }
    }
}
