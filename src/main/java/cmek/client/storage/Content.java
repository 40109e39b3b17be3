package cmek.client.storage;

import com.google.api.client.http.AbstractHttpContent;
import java.io.IOException;
import java.io.OutputStream;

/** What is written is sent while it is written; with its length, so that an upload that breaks off makes no object. */
final class Content extends AbstractHttpContent {

    private final EvidenceStorage.Writing writing;

    Content(String type, EvidenceStorage.Writing writing) {
        super(type);
        this.writing = writing;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        writing.to(out);
        out.flush();
    }
}
