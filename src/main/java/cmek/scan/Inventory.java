package cmek.scan;

import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.ExternalKey;
import cmek.client.anthropic.Listing;
import cmek.client.anthropic.Workspace;
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

    /** Lists all registrations and workspaces. */
    static Inventory read(AdminApi anthropic) {
        return new Join(anthropic.registrations(), anthropic.workspaces()).inventory();
    }

    /** What the two lists show together. */
    private static final class Join {

        private static final String GOOGLE = "gcp";

        private static final Comparator<ExternalKey> OLDEST = Comparator.comparing(ExternalKey::createdAt)
                .thenComparing(registration -> registration.id().value());

        private final Listing<ExternalKey> registrations;
        private final Listing<Workspace> workspaces;
        private final Map<String, List<WorkspaceUse>> uses = new TreeMap<>();
        private final Map<String, List<ExternalKey>> registrationsOfKeys = new TreeMap<>();
        private final List<RegisteredKey> keys = new ArrayList<>();
        private final List<OtherKey> others = new ArrayList<>();
        private final List<Finding> coverage = new ArrayList<>();
        private final List<Finding> faults = new ArrayList<>();

        Join(Listing<ExternalKey> registrations, Listing<Workspace> workspaces) {
            this.registrations = registrations;
            this.workspaces = workspaces;
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
            registrations
                    .items()
                    .forEach(registration -> registration
                            .key()
                            .ifPresent(name -> registrationsOfKeys
                                    .computeIfAbsent(name.toString(), any -> new ArrayList<>())
                                    .add(registration)));
            registrations.items().stream()
                    .sorted(Comparator.comparing(
                            registration -> registration.id().value()))
                    .forEach(this::add);
            keys.sort(Comparator.comparing((RegisteredKey key) -> key.key().toString())
                    .thenComparing(key -> key.id().value()));
            registrationsOfKeys.values().stream()
                    .filter(same -> same.size() > 1)
                    .forEach(same -> coverage.add(duplicate(same)));
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

        private void add(ExternalKey registration) {
            if (!registration.provider().equals(GOOGLE)) {
                others.add(new OtherKey(registration.id(), registration.displayName(), registration.provider()));
            } else if (registration.key().isEmpty()) {
                faults.add(ScanFindings.registrationUnreadable(registration.id().value()));
            } else {
                CryptoKeyName name = registration.key().get();
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
                        firstRegisteredAt(all),
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

        /** Not known where a page is missing, on which an older registration may be, or where one bears no time. */
        private Optional<Instant> firstRegisteredAt(List<ExternalKey> all) {
            return all.stream()
                    .map(ExternalKey::createdAt)
                    .min(Comparator.naturalOrder())
                    .filter(any -> registrations.isComplete()
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

        private Finding duplicate(List<ExternalKey> same) {
            List<ExternalKey> ordered = same.stream()
                    .sorted(Comparator.comparing((ExternalKey registration) -> !isAttached(registration))
                            .thenComparing(OLDEST))
                    .toList();
            List<ExternalKey> others = ordered.subList(1, ordered.size());
            return AnthropicFindings.duplicateRegistration(
                    ordered.get(0).key().orElseThrow(),
                    ordered.get(0).id(),
                    others.stream()
                            .filter(this::isAttached)
                            .map(ExternalKey::id)
                            .toList(),
                    others.stream()
                            .filter(other -> !isAttached(other))
                            .map(ExternalKey::id)
                            .toList());
        }

        private static Finding incomplete(String what, TransientException cause) {
            return ScanFindings.listIncomplete(what, cause.reason(), String.valueOf(cause.getMessage()));
        }
    }
}
