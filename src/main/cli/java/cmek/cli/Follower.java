package cmek.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.List;

/** Hears what becomes of messages that were published. */
interface Follower {

    /**
     * A message that was published.
     *
     * @param requestId under which its results are published
     */
    record Published(String requestId, String messageId) {}

    /** A result of a published message. */
    record Heard(Published published, JsonNode result) {}

    /** What is new of some messages, in the order in which it occurred; nothing of any other message. */
    List<Heard> poll(Collection<Published> open);

    /** Leaves nothing behind. */
    void leave();
}
