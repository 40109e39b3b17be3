package cmek.scan.repair;

import cmek.check.KeyInspection;
import cmek.check.KeyNames;
import cmek.client.anthropic.AdminApi;
import cmek.client.kms.CryptoKeyInfo;
import cmek.client.kms.KeyManagement;
import cmek.client.kms.KeyPolicy;
import cmek.client.project.Lookup;
import cmek.finding.KeyFindings;
import cmek.finding.PermanentException;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.CryptoKeyName;
import cmek.model.OrganizationId;
import cmek.model.OrganizationLabel;
import cmek.model.Policy;
import cmek.scan.RegisteredKey;
import cmek.scan.Repair;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Puts back what an onboarding once put there. */
@Singleton
public final class RepairKey implements Repair {

    private static final int WRITES_AT_MOST = 5;

    private final KeyManagement kms;
    private final KeyInspection inspection;
    private final AdminApi anthropic;
    private final KeyNames names;
    private final Policy policy;
    private final OrganizationId organization;

    @Inject
    public RepairKey(
            KeyManagement kms,
            KeyInspection inspection,
            AdminApi anthropic,
            KeyNames names,
            Policy policy,
            OrganizationId organization) {
        this.anthropic = anthropic;
        this.names = names;
        this.policy = policy;
        this.kms = kms;
        this.inspection = inspection;
        this.organization = organization;
    }

    /** The plan of the scan may be hours old. */
    @Override
    public boolean mayRestore(RegisteredKey key) {
        return policy.allowsProject(key.key().project())
                && anthropic
                        .externalKey(key.id())
                        .map(names::keyOf)
                        .filter(new Lookup.Known<>(key.key())::equals)
                        .isPresent();
    }

    @Override
    public void restore(CryptoKeyName key, Reason lost) {
        switch (lost) {
            case LABEL_MISSING -> restoreLabel(key);
            case BINDING_MISSING -> restoreBindings(key);
            default -> throw new IllegalArgumentException(lost + " cannot be restored");
        }
    }

    private void restoreLabel(CryptoKeyName name) {
        OrganizationLabel label = organization.label();
        CryptoKeyInfo key =
                kms.cryptoKey(name).orElseThrow(() -> new PermanentException(KeyFindings.labelMissing(name, label)));
        if (label.isOn(key.labels())) {
            return;
        }
        if (!label.fitsInto(key.labels())) {
            throw new PermanentException(KeyFindings.labelsFull(name, label));
        }
        kms.replaceLabels(name, label.mergedInto(key.labels()));
    }

    private void restoreBindings(CryptoKeyName key) {
        for (int write = 0; write < WRITES_AT_MOST; write++) {
            KeyPolicy policy = kms.policy(key);
            if (inspection.grant(key, policy).isEmpty()) {
                return;
            }
            if (kms.writePolicy(key, policy.withAnthropic())) {
                return;
            }
        }
        throw new TransientException(
                Reason.BUSY,
                "the policy of " + key + " was changed by others " + WRITES_AT_MOST + " times in a row",
                null);
    }
}
