package cmek.fake;

import cmek.client.http.SideBySide;
import cmek.config.ServiceInfo;
import cmek.config.StoreSettings;
import cmek.model.CryptoKeyName;
import cmek.model.Mode;
import cmek.model.OnboardingRequest;
import cmek.model.OrganizationId;
import cmek.model.Policy;
import cmek.model.ProtectionLevel;
import cmek.model.WorkspaceId;
import cmek.onboarding.Onboarding;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One onboarding as a team would ask for it, for tests to start from. */
public final class Sample {

    public static final OrganizationId ORGANIZATION = new OrganizationId("3f9a1c52-7b8e-4d21-9c60-5a4e8f2b7d13");
    public static final CryptoKeyName KEY =
            CryptoKeyName.parse("projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/payments");
    public static final WorkspaceId WORKSPACE = new WorkspaceId("wrkspc_01JwQvzr7rXLA5AGx3HKfFUJ");
    public static final String DEDUPLICATION_KEY = "00112233445566778899aabbccddeeff";
    public static final Instant NOW = Instant.parse("2026-11-23T02:00:00Z");
    public static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    public static final ServiceInfo SERVICE = new ServiceInfo("1.2.3", Optional.empty());
    /** Makes all calls in the order in which they are begun. */
    public static final SideBySide CALLS = new SideBySide(Runnable::run);

    public static final StoreSettings LEDGER = new StoreSettings(Duration.ofMinutes(12));

    public static final Map<String, String> LABELS = Map.of(ORGANIZATION.label().key(), "true");
    public static final Policy POLICY =
            new Policy(List.of("acme-*"), List.of("*"), Policy.US_REGIONS, Set.of(ProtectionLevel.HSM));

    /** The same, with the one workspace on its list. */
    public static final Policy LISTING =
            new Policy(List.of("acme-*"), List.of(WORKSPACE.value()), Policy.US_REGIONS, Set.of(ProtectionLevel.HSM));

    /** The same, where attaching takes an approval. */
    public static final Policy APPROVING = new Policy(
            POLICY.allowedProjects(),
            POLICY.allowedWorkspaces(),
            POLICY.allowedLocations(),
            POLICY.protectionLevels(),
            POLICY.auditLogs(),
            Policy.AttachApproval.REQUIRED);

    /** The policy of a key that Anthropic was granted, as Cloud KMS sends it. */
    public static final String GRANTED =
            """
            {"version":1,"etag":"BwE=","bindings":[
              {"role":"roles/cloudkms.cryptoKeyEncrypterDecrypter","members":["%1$s"]},
              {"role":"roles/cloudkms.viewer","members":["%1$s"]}]}
            """.formatted("serviceAccount:anthropic-cmek-client-us@gcp-anthropic-cmek-clients.iam.gserviceaccount.com");

    private Sample() {}

    public static Onboarding onboarding(Mode mode) {
        return onboarding(request(mode, KEY));
    }

    public static Onboarding onboarding(OnboardingRequest request) {
        return Onboarding.begin(request, "1001", DEDUPLICATION_KEY, NOW);
    }

    public static OnboardingRequest request(Mode mode, CryptoKeyName key) {
        return new OnboardingRequest(
                "payments-prod",
                mode,
                key,
                Optional.empty(),
                Optional.of(Duration.ofDays(90)),
                Optional.of(Duration.ofDays(60)),
                Map.of("team", "payments"),
                "Payments production",
                Optional.of(WORKSPACE),
                true);
    }
}
