package cmek.check;

import cmek.check.InheritedReads.Reach;
import cmek.client.http.SideBySide;
import cmek.client.kms.KeyManagement;
import cmek.client.project.IamRolesClient;
import cmek.client.project.ResourceManagerClient;
import cmek.model.CryptoKeyName;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The policies that keys inherit. An onboarding reads them anew; the keys of a scan, of which thousands may lie in one
 * project, share what was read of it for some minutes.
 */
@Singleton
public final class InheritedPolicies {

    /** For how long the policy of a ring or project is taken to be as it was read. */
    private static final Duration SHARED_FOR = Duration.ofMinutes(5);

    private final KeyManagement kms;
    private final ResourceManagerClient resources;
    private final IamRolesClient roles;
    private final SideBySide calls;
    private final Clock clock;
    private final ReadCache shared;

    @Inject
    public InheritedPolicies(
            KeyManagement kms, ResourceManagerClient resources, IamRolesClient roles, SideBySide calls, Clock clock) {
        this.kms = kms;
        this.resources = resources;
        this.roles = roles;
        this.calls = calls;
        this.clock = clock;
        this.shared = new ReadCache(clock);
    }

    /** The reads that all checks of one subject share. */
    public InheritedReads of(CheckSubject subject) {
        return subject.sharedSince()
                .map(since ->
                        new InheritedReads(kms, resources, roles, calls, shared, notBefore(since), subject::hasUsed))
                .orElseGet(() ->
                        new InheritedReads(kms, resources, roles, calls, subject.cache(), Instant.MIN, readAt -> {}));
    }

    /** Reads that nobody shares, and that are begun. */
    public InheritedReads begin(CryptoKeyName key, Reach reach) {
        InheritedReads reads = afresh();
        reads.begin(key, reach);
        return reads;
    }

    /** Reads that nobody shares. */
    public InheritedReads afresh() {
        return new InheritedReads(kms, resources, roles, calls, new ReadCache(clock), Instant.MIN, readAt -> {});
    }

    /**
     * Whether the ring's policy is to be read from Cloud KMS for this key.
     *
     * @param since what was read earlier does not count
     */
    boolean readsRing(CryptoKeyName key, Instant since) {
        return !shared.has(InheritedReads.nameOf(key.ring()), notBefore(since));
    }

    private Instant notBefore(Instant since) {
        Instant oldest = clock.instant().minus(SHARED_FOR);
        return since.isAfter(oldest) ? since : oldest;
    }
}
