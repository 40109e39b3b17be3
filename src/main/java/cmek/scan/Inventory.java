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
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every registration and every workspace of the organization, and what they show when they are laid side by side.
 *
 * @param keys those in Cloud KMS, in the order of the keys' names
 * @param others those elsewhere
 * @param coverage what is wrong with the whole
 * @param faults what could not be had, so that nothing can be said of it
 * @param interrupted why a list could not be had to its end
 */
record Inventory(
        Packed<RegisteredKey> keys,
        Packed<OtherKey> others,
        Packed<Finding> coverage,
        List<Finding> faults,
        Optional<TransientException> interrupted) {

    Inventory {
        faults = List.copyOf(faults);
    }

    /** Of which nothing is known but why. */
    static Inventory unknown(Finding fault) {
        return new Inventory(Packed.none(), Packed.none(), Packed.none(), List.of(fault), Optional.empty());
    }

    /** Lists all; of neither list much is held at a time. */
    static Inventory read(AdminApi anthropic) {
        ExternalSort<ExternalKey> registrations = new ExternalSort<>(
                Comparator.comparing(registration -> registration.id().value()));
        Listing allRegistrations = anthropic.registrations(registrations::add);
        SideBySide sides = new SideBySide();
        Listing allWorkspaces = anthropic.workspaces(sides::add);
        sides.lay(registrations.sorted(), allRegistrations.isWhole(), allWorkspaces.isWhole());
        return sides.estate(allRegistrations, allWorkspaces);
    }

    /** A workspace that refers to a registration. */
    record Reference(ExternalKeyId to, WorkspaceUse from) {}

    /**
     * A registration of a key in Cloud KMS.
     *
     * @param attached as the registration itself says
     */
    record Registration(RegisteredKey key, boolean attached, Instant createdAt) {}

    /** What is wrong with a workspace. */
    record Uncovered(String workspace, Finding finding) {}

    /** Collects what the two lists show. */
    @RegisterForReflection(
            targets = {ExternalKey.class, Reference.class, Registration.class, Uncovered.class, WorkspaceUse.class})
    private static final class SideBySide {

        private static final String GOOGLE = "gcp";

        private static final Comparator<Registration> ATTACHED_THEN_OLDEST = Comparator.comparing(
                        (Registration registration) -> !registration.attached())
                .thenComparing(Registration::createdAt)
                .thenComparing(registration -> registration.key().id().value());

        private final ExternalSort<Reference> references = new ExternalSort<>(
                Comparator.comparing((Reference reference) -> reference.to().value())
                        .thenComparing(reference -> reference.from().id().value()));
        private final ExternalSort<Registration> registered = new ExternalSort<>(Comparator.comparing(SideBySide::name)
                .thenComparing(registration -> registration.key().id().value()));
        private final ExternalSort<Uncovered> uncovered =
                new ExternalSort<>(Comparator.comparing(Uncovered::workspace));
        private final Packed.Builder<OtherKey> others = new Packed.Builder<>();
        private final List<Finding> faults = new ArrayList<>();

        private static String name(Registration registration) {
            return registration.key().key().toString();
        }

        void add(Workspace workspace) {
            if (workspace.externalKeyId().isPresent()) {
                references.add(new Reference(
                        workspace.externalKeyId().get(),
                        new WorkspaceUse(workspace.id(), workspace.name(), workspace.archived())));
            } else if (!workspace.archived()) {
                uncovered.add(new Uncovered(
                        workspace.id().value(), ScanFindings.workspaceWithoutKey(workspace.id(), workspace.name())));
            }
        }

        void lay(Packed<ExternalKey> registrations, boolean allRegistrationsKnown, boolean allWorkspacesKnown) {
            MergeJoin.join(
                    registrations,
                    registration -> registration.id().value(),
                    references.sorted(),
                    reference -> reference.to().value(),
                    (same, by) -> {
                        // Where a page is missing, the registration may stand on it.
                        if (same.isEmpty() && allRegistrationsKnown) {
                            by.forEach(this::addMissing);
                        }
                        List<WorkspaceUse> uses =
                                by.stream().map(Reference::from).toList();
                        same.forEach(registration -> add(registration, uses, allWorkspacesKnown));
                    });
        }

        private void addMissing(Reference reference) {
            WorkspaceUse workspace = reference.from();
            uncovered.add(new Uncovered(
                    workspace.id().value(),
                    ScanFindings.registrationMissing(workspace.id(), workspace.name(), reference.to())));
        }

        private void add(ExternalKey registration, List<WorkspaceUse> uses, boolean allWorkspacesKnown) {
            if (!registration.provider().equals(GOOGLE)) {
                others.add(new OtherKey(registration.id(), registration.displayName(), registration.provider()));
            } else if (registration.key().isEmpty()) {
                faults.add(ScanFindings.registrationUnreadable(registration.id().value()));
            } else {
                CryptoKeyName name = registration.key().get();
                RegisteredKey key = new RegisteredKey(
                        registration.id(),
                        registration.displayName(),
                        name,
                        registration.attached() || !uses.isEmpty(),
                        uses,
                        standing(registration, name, uses, allWorkspacesKnown));
                registered.add(new Registration(key, registration.attached(), registration.createdAt()));
            }
        }

        private static List<Finding> standing(
                ExternalKey registration, CryptoKeyName name, List<WorkspaceUse> used, boolean allWorkspacesKnown) {
            List<Finding> standing = new ArrayList<>();
            if (used.isEmpty() && !registration.attached()) {
                standing.add(ScanFindings.registeredNotAttached(name, registration.id()));
            } else if (allWorkspacesKnown && !used.isEmpty() && used.stream().allMatch(WorkspaceUse::archived)) {
                standing.add(ScanFindings.archivedWorkspacesOnly(
                        name, used.stream().map(WorkspaceUse::id).toList()));
            }
            if (!Policy.RECOMMENDED_REGIONS.contains(name.location())) {
                standing.add(AnthropicFindings.regionNotRecommended(name.location()));
            }
            return standing;
        }

        Inventory estate(Listing registrations, Listing workspaces) {
            registrations.unreadable().forEach(id -> faults.add(ScanFindings.registrationUnreadable(id)));
            workspaces.unreadable().forEach(id -> faults.add(ScanFindings.workspaceUnreadable(id)));
            registrations.interrupted().ifPresent(cause -> faults.add(missing("registrations", cause)));
            workspaces.interrupted().ifPresent(cause -> faults.add(missing("workspaces", cause)));
            Packed.Builder<RegisteredKey> keys = new Packed.Builder<>();
            Packed.Builder<Finding> coverage = new Packed.Builder<>();
            MergeJoin.groups(registered.sorted(), SideBySide::name, same -> {
                same.forEach(registration -> keys.add(registration.key()));
                if (same.size() > 1) {
                    coverage.add(duplicate(same));
                }
            });
            uncovered.sorted().forEach(workspace -> coverage.add(workspace.finding()));
            return new Inventory(
                    keys.build(),
                    others.build(),
                    coverage.build(),
                    faults,
                    Stream.of(registrations, workspaces)
                            .flatMap(listing -> listing.interrupted().stream())
                            .findFirst());
        }

        private static Finding duplicate(List<Registration> same) {
            List<ExternalKeyId> ids = same.stream()
                    .sorted(ATTACHED_THEN_OLDEST)
                    .map(registration -> registration.key().id())
                    .toList();
            return AnthropicFindings.duplicateRegistration(
                    same.get(0).key().key(), ids.get(0), ids.subList(1, ids.size()));
        }

        private static Finding missing(String what, TransientException cause) {
            return ScanFindings.listIncomplete(what, cause.reason(), String.valueOf(cause.getMessage()));
        }
    }
}
