package cmek.result;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * An approval as a result asks for it.
 *
 * @param digest what the approver's message must bear
 * @param shown what would be attached and what the workspace is like, a line a fact
 */
@RegisterForReflection
public record ApprovalWanted(String digest, List<String> shown) {

    public ApprovalWanted {
        shown = List.copyOf(shown);
    }
}
