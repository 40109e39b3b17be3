package cmek.check;

import cmek.client.project.ServiceUsageClient;
import cmek.finding.ProjectFindings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Supplier;

/** Whether the Cloud KMS API is enabled in the key's project. */
@Singleton
public final class KmsApiCheck implements PrerequisiteCheck {

    private final ServiceUsageClient projects;
    private final ParallelReads reads;

    @Inject
    public KmsApiCheck(ServiceUsageClient projects, ParallelReads reads) {
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
        // Unknown is not an obstacle: the next call to Cloud KMS says it in an error of its own.
        return reads.begin(() -> projects.cloudKms(project) == ServiceUsageClient.State.DISABLED
                ? CheckResult.refuse(ProjectFindings.kmsApiDisabled(project))
                : CheckResult.CLEAR);
    }
}
