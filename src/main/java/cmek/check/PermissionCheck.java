package cmek.check;

import cmek.client.kms.KeyManagement;
import cmek.client.project.Lookup;
import cmek.client.project.ResourceManagerClient;
import cmek.finding.PermanentException;
import cmek.finding.ProjectFindings;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.Mode;
import cmek.model.OrganizationId;
import cmek.model.OrganizationLabel;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Looks whether our own account can make what is missing of a key, before it makes the first half of it.
 *
 * <p>Google tells of the caller alone. Where each function has an account of its own, the one that looks is not the one
 * that writes: an account that holds none of the writing permissions is taken for that, and nothing is concluded from it.
 */
@Singleton
public final class PermissionCheck implements PrerequisiteCheck {

    private static final String CREATE_RING = "cloudkms.keyRings.create";
    private static final String CREATE_KEY = "cloudkms.cryptoKeys.create";
    private static final String UPDATE_KEY = "cloudkms.cryptoKeys.update";
    private static final String GRANT = "cloudkms.cryptoKeys.setIamPolicy";

    private static final Set<String> READING =
            Set.of("cloudkms.keyRings.get", "cloudkms.cryptoKeys.get", "cloudkms.cryptoKeys.getIamPolicy");
    private static final Set<String> WRITING = Set.of(CREATE_RING, CREATE_KEY, UPDATE_KEY, GRANT);
    private static final Set<String> ALL = union(READING, WRITING);

    private final ResourceManagerClient resources;
    private final KeyManagement kms;
    private final KeyInspection keys;
    private final ParallelReads reads;
    private final OrganizationLabel label;

    @Inject
    public PermissionCheck(
            ResourceManagerClient resources,
            KeyManagement kms,
            KeyInspection keys,
            ParallelReads reads,
            OrganizationId organization) {
        this.resources = resources;
        this.kms = kms;
        this.keys = keys;
        this.reads = reads;
        this.label = organization.label();
    }

    @Override
    public int rank() {
        return 60;
    }

    /** Begins to ask for the permissions on project, ring and key; what is needed depends on what is there. */
    @Override
    public Supplier<CheckResult> begin(CheckSubject subject) {
        if (subject.request().mode() == Mode.VALIDATE) {
            return () -> CheckResult.CLEAR;
        }
        CryptoKeyName key = subject.key();
        Supplier<Lookup<Set<String>>> onProject = reads.begin(() -> onProject(key.project()));
        Supplier<Set<String>> onRing = reads.begin(() -> unlessDenied(() -> kms.heldPermissions(key.ring(), ALL)));
        Supplier<Set<String>> onKey = reads.begin(() -> unlessDenied(() -> kms.heldPermissions(key, ALL)));
        return () -> verdict(key, subject.state(), onProject.get(), union(onRing.get(), onKey.get()));
    }

    private CheckResult verdict(CryptoKeyName key, KeyState state, Lookup<Set<String>> onProject, Set<String> further) {
        Set<String> held = new HashSet<>(further);
        if (onProject instanceof Lookup.Known<Set<String>> known) {
            held.addAll(known.value());
        }
        Set<String> missing = new TreeSet<>(needed(state));
        missing.removeAll(held);
        if (missing.isEmpty()) {
            return CheckResult.CLEAR;
        }
        if (onProject instanceof Lookup.Unknown<Set<String>> unknown) {
            return CheckResult.warn(ProjectFindings.permissionsUnknown(key, unknown.why()));
        }
        return Collections.disjoint(WRITING, held)
                ? CheckResult.CLEAR
                : CheckResult.refuse(ProjectFindings.permissionsMissing(key, missing));
    }

    private Set<String> needed(KeyState state) {
        Set<String> needed = new HashSet<>(READING);
        if (state instanceof KeyState.Absent absent) {
            needed.add(CREATE_KEY);
            needed.add(GRANT);
            if (!absent.ringExists()) {
                needed.add(CREATE_RING);
            }
        } else if (state instanceof KeyState.Present present) {
            if (!label.isOn(present.key().labels())) {
                needed.add(UPDATE_KEY);
            }
            if (!keys.grant(present.key().name(), present.policy()).isEmpty()) {
                needed.add(GRANT);
            }
        }
        return needed;
    }

    private Lookup<Set<String>> onProject(String project) {
        try {
            return resources.heldPermissions(project, ALL);
        } catch (TransientException e) {
            return new Lookup.Unknown<>(String.valueOf(e.getMessage()));
        }
    }

    private static Set<String> unlessDenied(Supplier<Set<String>> held) {
        try {
            return held.get();
        } catch (PermanentException e) {
            if (e.finding().reason() == Reason.PERMISSION_DENIED) {
                return Set.of();
            }
            throw e;
        }
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> union = new HashSet<>(one);
        union.addAll(other);
        return union;
    }
}
