package cmek.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes the same twice: to where it went before, and to where it can be checked. */
final class TeeOutputStream extends OutputStream {

    private final OutputStream first;
    private final ByteArrayOutputStream second;

    TeeOutputStream(OutputStream first, ByteArrayOutputStream second) {
        this.first = first;
        this.second = second;
    }

    @Override
    public void write(int octet) throws IOException {
        first.write(octet);
        synchronized (second) {
            second.write(octet);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        first.write(bytes, offset, length);
        synchronized (second) {
            second.write(bytes, offset, length);
        }
    }

    @Override
    public void flush() throws IOException {
        first.flush();
    }
}
