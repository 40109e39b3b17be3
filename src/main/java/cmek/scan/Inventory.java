package cmek.scan;

import cmek.check.KeyNames;
import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.ExternalKey;
import cmek.client.anthropic.Listing;
import cmek.client.anthropic.Workspace;
import cmek.client.project.Lookup;
import cmek.finding.AnthropicFindings;
import cmek.finding.Finding;
import cmek.finding.ScanFindings;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.Policy;
import cmek.scan.RegisteredKey.WorkspaceUse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every registration and every workspace of the organization, joined.
 *
 * @param keys those in Cloud KMS, in the order of the keys' names
 * @param others those elsewhere
 * @param coverage what is wrong with the organization rather than with one key
 * @param faults what could not be read, so that nothing can be said of it
 * @param interrupted why a list could not be read to its end
 */
record Inventory(
        List<RegisteredKey> keys,
        List<OtherKey> others,
        List<Finding> coverage,
        List<Finding> faults,
        Optional<TransientException> interrupted) {

    /** Of registrations that a list did not show: more are not a matter of moving pages. */
    private static final int MISSED_AT_MOST = 20;

    Inventory {
        keys = List.copyOf(keys);
        others = List.copyOf(others);
        coverage = List.copyOf(coverage);
        faults = List.copyOf(faults);
    }

    /** Of which nothing is known but why. */
    static Inventory unknown(Finding fault) {
        return new Inventory(List.of(), List.of(), List.of(), List.of(fault), Optional.empty());
    }

    /**
     * Lists all registrations and workspaces. A registration that a workspace refers to and that the list does not show is
     * asked for by its id: while others register or delete, an item moves from one page to another and is missed.
     */
    static Inventory read(AdminApi anthropic, KeyNames names) {
        Listing<ExternalKey> registrations = anthropic.registrations();
        Listing<Workspace> workspaces = anthropic.workspaces();
        return new Join(completed(anthropic, registrations, workspaces), workspaces, names.batch()).inventory();
    }

    private static Listing<ExternalKey> completed(
            AdminApi anthropic, Listing<ExternalKey> registrations, Listing<Workspace> workspaces) {
        if (!registrations.isComplete()) {
            // What is missing is said to be, and may be much.
            return registrations;
        }
        Map<ExternalKeyId, ExternalKey> all = new LinkedHashMap<>();
        registrations.items().forEach(registration -> all.put(registration.id(), registration));
        int before = all.size();
        Optional<TransientException> interrupted = Optional.empty();
        List<ExternalKeyId> missed = workspaces.items().stream()
                .flatMap(workspace -> workspace.externalKeyId().stream())
                .filter(id -> !all.containsKey(id))
                .distinct()
                .limit(MISSED_AT_MOST)
                .toList();
        try {
            missed.forEach(id -> anthropic.externalKey(id).ifPresent(found -> all.put(id, found)));
        } catch (TransientException e) {
            interrupted = Optional.of(e);
        }
        return all.size() == before && interrupted.isEmpty()
                ? registrations
                : new Listing<>(List.copyOf(all.values()), registrations.unreadable(), interrupted);
    }

    /** What the two lists show together. */
    private static final class Join {

        private static final Comparator<ExternalKey> OLDEST = Comparator.comparing(ExternalKey::createdAt)
                .thenComparing(registration -> registration.id().value());

        private final Listing<ExternalKey> registrations;
        private final Listing<Workspace> workspaces;
        private final Map<String, List<WorkspaceUse>> uses = new TreeMap<>();
        private final Map<ExternalKeyId, CryptoKeyName> namesOf = new HashMap<>();
        private final Map<String, List<ExternalKey>> registrationsOfKeys = new TreeMap<>();
        private final List<ExternalKey> unresolved = new ArrayList<>();
        private final List<RegisteredKey> keys = new ArrayList<>();
        private final List<OtherKey> others = new ArrayList<>();
        private final List<Finding> coverage = new ArrayList<>();
        private final List<Finding> faults = new ArrayList<>();

        private final KeyNames.Batch names;

        Join(Listing<ExternalKey> registrations, Listing<Workspace> workspaces, KeyNames.Batch names) {
            this.registrations = registrations;
            this.workspaces = workspaces;
            this.names = names;
        }

        Inventory inventory() {
            List<Workspace> byId = workspaces.items().stream()
                    .sorted(Comparator.comparing(workspace -> workspace.id().value()))
                    .toList();
            for (Workspace workspace : byId) {
                workspace
                        .externalKeyId()
                        .ifPresent(id -> uses.computeIfAbsent(id.value(), any -> new ArrayList<>())
                                .add(new WorkspaceUse(workspace.id(), workspace.name(), workspace.archived())));
            }
            List<ExternalKey> registrationsById = registrations.items().stream()
                    .sorted(Comparator.comparing(
                            registration -> registration.id().value()))
                    .toList();
            registrationsById.forEach(this::resolve);
            registrationsById.forEach(this::add);
            keys.sort(Comparator.comparing((RegisteredKey key) -> key.key().toString())
                    .thenComparing(key -> key.id().value()));
            registrationsOfKeys.values().stream()
                    .filter(same -> same.size() > 1)
                    .forEach(same -> duplicate(same).ifPresent(coverage::add));
            Set<ExternalKeyId> registered =
                    registrations.items().stream().map(ExternalKey::id).collect(Collectors.toSet());
            byId.forEach(workspace -> uncovered(workspace, registered).ifPresent(coverage::add));
            registrations.unreadable().forEach(id -> faults.add(ScanFindings.registrationUnreadable(id)));
            workspaces.unreadable().forEach(id -> faults.add(ScanFindings.workspaceUnreadable(id)));
            registrations.interrupted().ifPresent(cause -> faults.add(incomplete("registrations", cause)));
            workspaces.interrupted().ifPresent(cause -> faults.add(incomplete("workspaces", cause)));
            return new Inventory(
                    keys,
                    others,
                    coverage,
                    faults,
                    Stream.of(registrations, workspaces)
                            .flatMap(listing -> listing.interrupted().stream())
                            .findFirst());
        }

        /** Which key it is for: of all of them before any is joined, for one that follows may be of the same key. */
        private void resolve(ExternalKey registration) {
            if (!registration.provider().equals(ExternalKey.GOOGLE)) {
                return;
            }
            Lookup<CryptoKeyName> key = names.keyOf(registration);
            if (key instanceof Lookup.Known<CryptoKeyName> known) {
                CryptoKeyName name = known.value();
                namesOf.put(registration.id(), name);
                registrationsOfKeys
                        .computeIfAbsent(name.toString(), any -> new ArrayList<>())
                        .add(registration.of(name));
            } else if (key instanceof Lookup.Unknown<CryptoKeyName> unknown) {
                // Of this one key nothing can be said; the others are all checked.
                unresolved.add(registration);
                coverage.add(AnthropicFindings.registrationNotCanonical(
                        registration.id(), registration.keyName(), unknown.why()));
            }
        }

        private void add(ExternalKey registration) {
            if (!registration.provider().equals(ExternalKey.GOOGLE)) {
                others.add(new OtherKey(registration.id(), registration.displayName(), registration.provider()));
                return;
            }
            CryptoKeyName name = namesOf.get(registration.id());
            if (name != null) {
                List<WorkspaceUse> usedBy = usedBy(registration);
                List<ExternalKey> all = registrationsOfKeys.getOrDefault(name.toString(), List.of());
                List<ExternalKey> others = all.stream()
                        .filter(other -> !other.id().equals(registration.id()))
                        .toList();
                boolean elsewhere = others.stream().anyMatch(this::isAttached);
                keys.add(new RegisteredKey(
                        registration.id(),
                        registration.displayName(),
                        name,
                        isAttached(registration),
                        usedBy,
                        standing(registration, name, usedBy, elsewhere),
                        firstRegisteredAt(name, all),
                        elsewhere,
                        others.stream().flatMap(other -> usedBy(other).stream()).toList()));
            }
        }

        private List<WorkspaceUse> usedBy(ExternalKey registration) {
            return uses.getOrDefault(registration.id().value(), List.of());
        }

        private boolean isAttached(ExternalKey registration) {
            return registration.attached() || !usedBy(registration).isEmpty();
        }

        /**
         * Not known where an older registration may be on a page that is missing or under a name that is not understood, or
         * where one bears no time.
         */
        private Optional<Instant> firstRegisteredAt(CryptoKeyName key, List<ExternalKey> all) {
            return all.stream()
                    .map(ExternalKey::createdAt)
                    .min(Comparator.naturalOrder())
                    .filter(any -> registrations.isComplete()
                            && unresolved.stream().noneMatch(registration -> KeyNames.mayBe(key, registration))
                            && all.stream()
                                    .noneMatch(registration ->
                                            registration.createdAt().equals(Instant.MAX)));
        }

        private List<Finding> standing(
                ExternalKey registration, CryptoKeyName name, List<WorkspaceUse> usedBy, boolean elsewhere) {
            List<Finding> standing = new ArrayList<>();
            if (!isAttached(registration)) {
                standing.add(
                        elsewhere
                                ? ScanFindings.secondRegistrationNotAttached(name, registration.id())
                                : ScanFindings.registeredNotAttached(name, registration.id()));
            } else if (workspaces.isComplete()
                    && !usedBy.isEmpty()
                    && usedBy.stream().allMatch(WorkspaceUse::archived)) {
                standing.add(ScanFindings.archivedWorkspacesOnly(
                        name, usedBy.stream().map(WorkspaceUse::id).toList()));
            }
            if (!Policy.RECOMMENDED_REGIONS.contains(name.location())) {
                standing.add(AnthropicFindings.regionNotRecommended(name.location()));
            }
            return standing;
        }

        private Optional<Finding> uncovered(Workspace workspace, Set<ExternalKeyId> registered) {
            if (workspace.externalKeyId().isEmpty()) {
                return workspace.archived()
                        ? Optional.empty()
                        : Optional.of(ScanFindings.workspaceWithoutKey(workspace.id(), workspace.name()));
            }
            ExternalKeyId id = workspace.externalKeyId().get();
            // Where a page of the list is missing, the registration may be on it.
            return registered.contains(id) || !registrations.isComplete()
                    ? Optional.empty()
                    : Optional.of(ScanFindings.registrationMissing(workspace.id(), workspace.name(), id));
        }

        /**
         * Of several the one in use is named and those that nothing uses; one that a workspace refers to is never surplus.
         */
        private Optional<Finding> duplicate(List<ExternalKey> same) {
            List<ExternalKey> ordered = same.stream()
                    .sorted(Comparator.comparing((ExternalKey registration) -> !isAttached(registration))
                            .thenComparing(OLDEST))
                    .toList();
            List<ExternalKey> others = ordered.subList(1, ordered.size());
            List<ExternalKeyId> unused = others.stream()
                    .filter(other -> !isAttached(other))
                    .map(ExternalKey::id)
                    .toList();
            return unused.isEmpty()
                    ? Optional.empty()
                    : Optional.of(AnthropicFindings.duplicateRegistration(
                            ordered.get(0).key().orElseThrow(),
                            ordered.get(0).id(),
                            others.stream()
                                    .filter(this::isAttached)
                                    .map(ExternalKey::id)
                                    .toList(),
                            unused));
        }

        private static Finding incomplete(String what, TransientException cause) {
            return ScanFindings.listIncomplete(what, cause.reason(), String.valueOf(cause.getMessage()));
        }
    }
}
