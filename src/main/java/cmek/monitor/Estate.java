package cmek.monitor;

import cmek.client.anthropic.AdminApi;
import cmek.client.anthropic.ExternalKey;
import cmek.client.anthropic.Listing;
import cmek.client.anthropic.Workspace;
import cmek.evidence.OtherKey;
import cmek.evidence.RegisteredKey;
import cmek.evidence.RegisteredKey.WorkspaceUse;
import cmek.onboarding.CryptoKeyName;
import cmek.onboarding.ExternalKeyId;
import cmek.onboarding.Finding;
import cmek.onboarding.Findings;
import cmek.onboarding.NightFindings;
import cmek.onboarding.Policy;
import cmek.onboarding.UnavailableException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every registration and every workspace of the organization, and what they show when they are laid side by side.
 *
 * @param keys those in Cloud KMS
 * @param others those elsewhere
 * @param coverage what is wrong with the whole
 * @param faults what could not be had, so that nothing can be said of it
 */
record Estate(List<RegisteredKey> keys, List<OtherKey> others, List<Finding> coverage, List<Finding> faults) {

    private static final String GOOGLE = "gcp";

    private static final Comparator<ExternalKey> ATTACHED_THEN_OLDEST = Comparator.comparing(
                    (ExternalKey registration) -> !registration.attached())
            .thenComparing(ExternalKey::createdAt)
            .thenComparing(registration -> registration.id().value());

    static Estate read(AdminApi vendor) {
        return of(vendor.registrations(), vendor.workspaces());
    }

    static Estate of(Listing<ExternalKey> registrations, Listing<Workspace> workspaces) {
        Map<ExternalKeyId, List<WorkspaceUse>> uses = uses(workspaces);
        List<RegisteredKey> keys = new ArrayList<>();
        List<OtherKey> others = new ArrayList<>();
        List<Finding> faults = new ArrayList<>();
        Map<CryptoKeyName, List<ExternalKey>> byName = new LinkedHashMap<>();
        for (ExternalKey registration : registrations.items()) {
            if (!registration.provider().equals(GOOGLE)) {
                others.add(new OtherKey(registration.id(), registration.displayName(), registration.provider()));
            } else if (registration.key().isEmpty()) {
                faults.add(
                        NightFindings.registrationUnreadable(registration.id().value()));
            } else {
                CryptoKeyName name = registration.key().get();
                byName.computeIfAbsent(name, any -> new ArrayList<>(1)).add(registration);
                List<WorkspaceUse> used = uses.getOrDefault(registration.id(), List.of());
                keys.add(new RegisteredKey(
                        registration.id(),
                        registration.displayName(),
                        name,
                        registration.attached() || !used.isEmpty(),
                        used,
                        standing(registration, name, used, workspaces.isWhole())));
            }
        }
        registrations.unreadable().forEach(id -> faults.add(NightFindings.registrationUnreadable(id)));
        workspaces.unreadable().forEach(id -> faults.add(NightFindings.workspaceUnreadable(id)));
        registrations.interrupted().ifPresent(cause -> faults.add(missing("registrations", cause)));
        workspaces.interrupted().ifPresent(cause -> faults.add(missing("workspaces", cause)));
        List<Finding> coverage = new ArrayList<>(duplicates(byName));
        coverage.addAll(ofWorkspaces(registrations, workspaces));
        return new Estate(keys, others, coverage, faults);
    }

    private static Map<ExternalKeyId, List<WorkspaceUse>> uses(Listing<Workspace> workspaces) {
        Map<ExternalKeyId, List<WorkspaceUse>> uses = new HashMap<>();
        workspaces
                .items()
                .forEach(workspace -> workspace
                        .externalKeyId()
                        .ifPresent(key -> uses.computeIfAbsent(key, any -> new ArrayList<>(1))
                                .add(new WorkspaceUse(workspace.id(), workspace.name(), workspace.archived()))));
        return uses;
    }

    private static List<Finding> standing(
            ExternalKey registration, CryptoKeyName name, List<WorkspaceUse> used, boolean allWorkspacesKnown) {
        List<Finding> standing = new ArrayList<>();
        if (used.isEmpty() && !registration.attached()) {
            standing.add(NightFindings.registeredNotAttached(name, registration.id()));
        } else if (allWorkspacesKnown && !used.isEmpty() && used.stream().allMatch(WorkspaceUse::archived)) {
            standing.add(NightFindings.archivedWorkspacesOnly(
                    name, used.stream().map(WorkspaceUse::id).toList()));
        }
        if (!Policy.RECOMMENDED_REGIONS.contains(name.location())) {
            standing.add(Findings.regionNotRecommended(name.location()));
        }
        return standing;
    }

    private static List<Finding> duplicates(Map<CryptoKeyName, List<ExternalKey>> byName) {
        List<Finding> duplicates = new ArrayList<>();
        byName.forEach((name, registrations) -> {
            if (registrations.size() > 1) {
                List<ExternalKeyId> ids = registrations.stream()
                        .sorted(ATTACHED_THEN_OLDEST)
                        .map(ExternalKey::id)
                        .toList();
                duplicates.add(Findings.duplicateRegistration(name, ids.get(0), ids.subList(1, ids.size())));
            }
        });
        return duplicates;
    }

    private static List<Finding> ofWorkspaces(Listing<ExternalKey> registrations, Listing<Workspace> workspaces) {
        Set<ExternalKeyId> known = new HashSet<>();
        registrations.items().forEach(registration -> known.add(registration.id()));
        List<Finding> findings = new ArrayList<>();
        for (Workspace workspace : workspaces.items()) {
            workspace
                    .externalKeyId()
                    .ifPresentOrElse(
                            key -> {
                                // Where a page is missing, the registration may stand on it.
                                if (registrations.isWhole() && !known.contains(key)) {
                                    findings.add(
                                            NightFindings.registrationMissing(workspace.id(), workspace.name(), key));
                                }
                            },
                            () -> {
                                if (!workspace.archived()) {
                                    findings.add(NightFindings.workspaceWithoutKey(workspace.id(), workspace.name()));
                                }
                            });
        }
        return findings;
    }

    private static Finding missing(String what, UnavailableException cause) {
        return NightFindings.listIncomplete(what, cause.reason(), String.valueOf(cause.getMessage()));
    }
}
