package cmek.function;

import cmek.check.DenyPolicyLookup;
import cmek.check.InheritedPolicies;
import cmek.check.KeyInspection;
import cmek.client.anthropic.AdminApi;
import cmek.client.kms.KeyManagement;
import cmek.client.storage.EvidenceStorage;
import cmek.config.ScanSettings;
import cmek.fake.Checks;
import cmek.fake.ProjectInProcess;
import cmek.fake.Sample;
import cmek.model.OrganizationId;
import cmek.model.Policy;
import cmek.scan.KeyCheck;
import cmek.scan.ReportRendering;
import cmek.scan.ReportScan;
import cmek.scan.RescanChangedKey;
import cmek.scan.ScanKey;
import cmek.scan.ScanStore;
import cmek.scan.ScanTargets;
import cmek.scan.SharedInventory;
import cmek.scan.StartScan;
import cmek.scan.repair.RepairKey;
import java.time.Clock;

/** The scan wired as the container wires it, the project's side in memory. */
record ScanChain(
        AdminApi anthropic,
        KeyManagement kms,
        ProjectInProcess project,
        EvidenceStorage storage,
        ReportRendering rendering,
        ScanSettings settings,
        Clock clock,
        Policy policy,
        OrganizationId organization) {

    ScanHandler handler(MessageHandler messages, ResultPublisher publisher) {
        KeyInspection keys = new KeyInspection(kms, policy, organization);
        InheritedPolicies inherited = Checks.inherited(kms, project, clock);
        ScanStore store = new ScanStore(storage);
        SharedInventory shared = new SharedInventory(anthropic, Checks.names(project), settings, clock);
        return new ScanHandler(
                messages,
                publisher,
                new StartScan(anthropic, Checks.names(project), store, settings, clock),
                new ScanTargets(store, shared, clock),
                new ScanKey(
                        new KeyCheck(
                                Checks.validation(anthropic),
                                new DenyPolicyLookup(project.clients().denyPolicies(), inherited, Sample.CALLS),
                                Checks.ofKey(kms, keys, inherited, organization, clock),
                                Checks.subjects(anthropic, kms, keys, project),
                                clock),
                        store,
                        new RepairKey(kms, keys, anthropic, Checks.names(project), policy, organization),
                        settings,
                        clock),
                new ReportScan(store, rendering, settings, organization, Sample.SERVICE, clock),
                new RescanChangedKey(shared, store, settings),
                store,
                clock);
    }
}
