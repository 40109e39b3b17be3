package cmek.cli;

import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.StoredObject;
import cmek.model.Json;
import cmek.onboarding.state.NewestResults;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the newest result of each message in the evidence bucket. */
final class NewestResultFollower implements Follower {

    private final EvidenceStorage evidence;
    private final Map<Published, Long> seen = new HashMap<>();

    NewestResultFollower(EvidenceStorage evidence) {
        this.evidence = evidence;
    }

    @Override
    public List<Heard> poll(Collection<Published> open) {
        List<Heard> heard = new ArrayList<>();
        for (Published published : open) {
            Optional<StoredObject> stored =
                    evidence.read(NewestResults.name(published.requestId(), published.messageId()));
            if (stored.isPresent()
                    && !Long.valueOf(stored.get().generation())
                            .equals(seen.put(published, stored.get().generation()))) {
                JsonNode result = Json.tree(stored.get().text());
                // What cannot be read is of another release: its end may be readable.
                if (!result.isMissingNode()) {
                    heard.add(new Heard(published, result));
                }
            }
        }
        return heard;
    }

    @Override
    public void leave() {}
}
