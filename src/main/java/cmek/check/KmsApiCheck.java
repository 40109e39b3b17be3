package cmek.check;

import cmek.client.http.SideBySide;
import cmek.client.project.ServiceUsageClient;
import cmek.finding.ProjectFindings;
import cmek.finding.TransientException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Supplier;

/** Whether the Cloud KMS API is enabled in the key's project. */
@Singleton
public final class KmsApiCheck implements PrerequisiteCheck {

    private final ServiceUsageClient projects;
    private final SideBySide reads;

    @Inject
    public KmsApiCheck(ServiceUsageClient projects, SideBySide reads) {
        this.projects = projects;
        this.reads = reads;
    }

    @Override
    public int rank() {
        return 20;
    }

    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        String project = subject.key().project();
        return reads.begin(() -> state(project) == ServiceUsageClient.State.DISABLED
                ? CheckResult.refuse(ProjectFindings.kmsApiDisabled(project))
                : CheckResult.CLEAR);
    }

    /** Unknown is not an obstacle, whatever it is due to: the next call to Cloud KMS says it in an error of its own. */
    private ServiceUsageClient.State state(String project) {
        try {
            return projects.cloudKms(project);
        } catch (TransientException e) {
            return ServiceUsageClient.State.UNKNOWN;
        }
    }
}
