package cmek.function;

import java.util.Optional;

/** The headers and the size of the request that this thread serves, where the host of the functions shows them. */
interface IncomingHeaders {

    /** The first header of this name; empty when there is none, or no request. */
    Optional<String> header(String name);

    /** How many bytes the body had where it was too large to be held, and was cut; empty where it is whole. */
    default Optional<Long> bytesOfCutBody() {
        return Optional.empty();
    }
}
