package cmek.onboarding;

import cmek.finding.GcloudCommands;
import cmek.model.Sha256;
import cmek.result.ApprovalWanted;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;

/**
 * What somebody else is asked to approve before a key is attached permanently.
 *
 * @param onboarding as far as it came
 * @param shown what would be attached and what the workspace is like, a line a fact, as the approver sees it
 */
@RegisterForReflection
public record Approval(Onboarding onboarding, List<String> shown) {

    public Approval {
        shown = List.copyOf(shown);
    }

    /** As a result asks for it. */
    public ApprovalWanted wanted() {
        return new ApprovalWanted(digest(), shown);
    }

    /**
     * The command that approves.
     *
     * @param project the topics' project
     * @param topic the topic of approvals
     */
    public String command(String project, String topic) {
        return GcloudCommands.publish(project, topic, "{\"approve\":\"" + digest() + "\"}");
    }

    /**
     * Names this approval and no other: a SHA-256 over all that is shown and over the request that it is for, so that
     * neither another request nor another state of the APIs has the same.
     */
    public String digest() {
        List<String> digested = new ArrayList<>(shown);
        digested.add("request " + onboarding.deduplicationKey());
        return Sha256.of(String.join("\n", digested));
    }
}
