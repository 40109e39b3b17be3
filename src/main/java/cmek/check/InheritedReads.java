package cmek.check;

import cmek.client.http.SideBySide;
import cmek.client.kms.KeyManagement;
import cmek.client.project.IamRolesClient;
import cmek.client.project.Lookup;
import cmek.client.project.ResourceInfo;
import cmek.client.project.ResourceManagerClient;
import cmek.client.project.ResourcePolicy;
import cmek.finding.PermanentException;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.KeyRingName;
import cmek.model.RoleBinding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reads of what a key inherits: the policies of its ring, its project and everything above, and the custom roles in them.
 * Each is made once for all who ask.
 */
public final class InheritedReads {

    /** Google allows ten folders above each other. */
    static final int LEVELS_AT_MOST = 12;

    /** How far up policies are read. */
    public enum Reach {
        /** The key, its ring and its project. */
        PROJECT,
        /** Folders and the organization as well. */
        ORGANIZATION
    }

    private final KeyManagement kms;
    private final ResourceManagerClient resources;
    private final IamRolesClient roles;
    private final SideBySide calls;
    private final ReadCache cache;
    private final Instant notBefore;
    private final Consumer<Instant> used;

    InheritedReads(
            KeyManagement kms,
            ResourceManagerClient resources,
            IamRolesClient roles,
            SideBySide calls,
            ReadCache cache,
            Instant notBefore,
            Consumer<Instant> used) {
        this.kms = kms;
        this.resources = resources;
        this.roles = roles;
        this.calls = calls;
        this.cache = cache;
        this.notBefore = notBefore;
        this.used = used;
    }

    /** Begins to read what a check of all that a key inherits will need, each part as soon as it is known where it lies. */
    void begin(CryptoKeyName key, Reach reach) {
        readAhead(nameOf(key.ring()), () -> ring(key.ring()));
        begin("projects/" + key.project(), reach);
    }

    /** What the keys before have read for this one as well needs no thread. */
    private void readAhead(String name, Supplier<Lookup<?>> read) {
        if (!cache.has(name, notBefore)) {
            calls.begin(read);
        }
    }

    private void begin(String resource, Reach reach) {
        readAhead(policyOf(resource), () -> policyNow(resource));
        if (!resource.startsWith("organizations/")) {
            readAhead(infoOf(resource), () -> {
                Lookup<ResourceInfo> info = infoNow(resource);
                if (reach == Reach.ORGANIZATION && info instanceof Lookup.Known<ResourceInfo> known) {
                    known.value().parent().ifPresent(parent -> begin(parent, reach));
                }
                return info;
            });
        }
    }

    /**
     * The ring's policy; known and empty where there is no ring yet.
     *
     * @throws TransientException when Cloud KMS does not answer
     */
    Lookup<List<RoleBinding>> ring(KeyRingName ring) {
        return cache.get(nameOf(ring), notBefore, used, () -> {
            try {
                return new Lookup.Known<>(kms.bindings(ring).orElse(List.of()));
            } catch (PermanentException e) {
                return new Lookup.Unknown<>(e.finding().message());
            }
        });
    }

    static String nameOf(KeyRingName ring) {
        return policyOf(ring.toString());
    }

    private static String policyOf(String resource) {
        return "policy " + resource;
    }

    private static String infoOf(String resource) {
        return "info " + resource;
    }

    /**
     * The policy of a project, folder or organization.
     *
     * @throws TransientException when Resource Manager does not answer
     */
    Lookup<ResourcePolicy> policy(String resource) {
        return cache.get(policyOf(resource), notBefore, used, () -> resources.policy(resource));
    }

    /**
     * A project's number and what it or a folder lies in.
     *
     * @throws TransientException when Resource Manager does not answer
     */
    Lookup<ResourceInfo> info(String resource) {
        return cache.get(infoOf(resource), notBefore, used, () -> resources.info(resource));
    }

    /** What a custom role permits. */
    Lookup<Set<String>> permissions(String role) {
        try {
            return cache.get("role " + role, notBefore, used, () -> roles.permissions(role));
        } catch (TransientException e) {
            return new Lookup.Unknown<>(String.valueOf(e.getMessage()));
        }
    }

    /** The same as {@link #policy}, which does not wait for an API that is silent. */
    Lookup<ResourcePolicy> policyNow(String resource) {
        try {
            return policy(resource);
        } catch (TransientException e) {
            return new Lookup.Unknown<>(String.valueOf(e.getMessage()));
        }
    }

    /** The same as {@link #info}, which does not wait for an API that is silent. */
    Lookup<ResourceInfo> infoNow(String resource) {
        try {
            return info(resource);
        } catch (TransientException e) {
            return new Lookup.Unknown<>(String.valueOf(e.getMessage()));
        }
    }

    /**
     * What lies above a key's project, and whose the project is.
     *
     * @param number of the project
     * @param above its folders and its organization, from below
     * @param end why it is not known what comes after the last of them; empty where nothing does
     */
    record Ancestry(Optional<String> number, List<String> above, Optional<String> end) {}

    /** The number of a key's project, where it can be read. */
    Optional<String> number(CryptoKeyName key) {
        return infoNow("projects/" + key.project()) instanceof Lookup.Known<ResourceInfo> known
                ? known.value().number()
                : Optional.empty();
    }

    /** Walks up from a key's project, as far as may be seen. */
    Ancestry ancestry(CryptoKeyName key) {
        List<String> above = new ArrayList<>();
        Optional<String> number = Optional.empty();
        Optional<String> resource = Optional.of("projects/" + key.project());
        for (int level = 0; level < LEVELS_AT_MOST && resource.isPresent(); level++) {
            if (resource.get().startsWith("organizations/")) {
                return new Ancestry(number, above, Optional.empty());
            }
            Lookup<ResourceInfo> info = infoNow(resource.get());
            if (info instanceof Lookup.Unknown<ResourceInfo> closed) {
                return new Ancestry(number, above, Optional.of(closed.why()));
            }
            ResourceInfo known = ((Lookup.Known<ResourceInfo>) info).value();
            if (level == 0) {
                number = known.number();
            }
            resource = known.parent();
            resource.ifPresent(above::add);
        }
        return new Ancestry(number, above, Optional.empty());
    }
}
