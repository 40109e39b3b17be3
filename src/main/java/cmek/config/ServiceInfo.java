package cmek.config;

import java.net.URI;
import java.util.Optional;

/**
 * What every result says about the service itself.
 *
 * @param version of the build, as {@code pom.xml} states it
 * @param documentationUrl where the repository's documents can be read
 */
public record ServiceInfo(String version, Optional<URI> documentationUrl) {

    /** Where people read a document; a path in the repository where nothing more is known. */
    public String locate(String document) {
        return documentationUrl
                .map(url -> url.toString().replaceFirst("/+$", "") + "/" + document)
                .orElse(document);
    }
}
