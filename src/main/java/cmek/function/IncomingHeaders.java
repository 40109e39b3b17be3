package cmek.function;

import java.util.Optional;

/** The headers of the request that this thread serves, where the host of the functions shows them. */
interface IncomingHeaders {

    /** The first header of this name; empty when there is none, or no request. */
    Optional<String> header(String name);
}
