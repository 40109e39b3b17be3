package cmek.sandbox;

import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** A company's keys, some of them in all the states that a scan tells apart. */
final class SeededInventory {

    private static final String PROJECT = "acme-kms-prod";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final SimulatedApis apis;

    private SeededInventory(SimulatedApis apis) {
        this.apis = apis;
    }

    /**
     * Puts the keys into a APIs as they were the scan before: all well but one, and what only lists can show: a key
     * that nobody uses, one that only an archived workspace uses, one registered twice, a workspace without a key, a key
     * elsewhere.
     */
    static SeededInventory in(SimulatedApis apis) {
        apis.withProject(PROJECT);
        SeededInventory estate = new SeededInventory(apis);
        estate.attached("payments", "us-east5", "Payments");
        estate.attached("search", "us-east5", "Search");
        estate.attached("support", "us-central1", "Support");
        estate.attached("claims", "us-west1", "Claims");
        estate.attached("store", "us-east5", "Ledger");
        estate.attached("vault", "us-east5", "Vault");
        estate.attached("mobile", "us-central1", "Mobile");
        estate.attached("web", "us-central1", "Web");
        estate.attached("analytics", "us-east5", "Analytics");
        estate.attached("archive", "us-east5", "Archive");
        estate.attached("legal", "us-east5", "Legal");
        apis.kms().setLabels(key("legal", "us-east5"), Map.of("team", "legal"));
        estate.attached("campaign", "us-east5", "Campaign 2025");
        apis.admin().archive(workspace("campaign"));
        apis.withReadyKey(key("experiment", "us-east5"));
        estate.register("experiment", "us-east5", "Experiment");
        estate.register("payments", "us-east5", "Payments, registered once more");
        apis.withReadyKey(key("onboarded", "us-east5"));
        apis.admin().withWorkspace(workspace("playground"), "Playground");
        apis.admin()
                .register(
                        JSON.objectNode()
                                .put("type", "aws")
                                .put("kms_arn", "arn:aws:kms:eu-central-1:111122223333:key/data-lake"),
                        "Data lake");
        apis.journal().clear();
        return estate;
    }

    /** A day's harm, in six ways; one key is fixed, and one is new. */
    void harm() {
        String store = key("store", "us-east5");
        apis.kms().addVersion(store, true);
        apis.kms().setVersionState(store, 1, "DESTROY_SCHEDULED");
        apis.kms().setVersionState(key("vault", "us-east5"), 1, "DISABLED");
        apis.kms().setLabels(key("mobile", "us-central1"), Map.of("team", "mobile"));
        apis.kms().setPolicy(key("web", "us-central1"), JSON.objectNode());
        String analytics = key("analytics", "us-east5");
        ObjectNode shared = apis.kms().policy(analytics).deepCopy();
        shared.withArray("bindings")
                .addObject()
                .put("role", "roles/cloudkms.cryptoKeyDecrypter")
                .putArray("members")
                .add("serviceAccount:etl@partner-analytics.iam.gserviceaccount.com");
        apis.kms().setPolicy(analytics, shared);
        String archive = key("archive", "us-east5");
        apis.kms().addVersion(archive, true);
        apis.kms().setVersionState(archive, 1, "DISABLED");
        apis.kms()
                .setLabels(
                        key("legal", "us-east5"),
                        Map.of("team", "legal", "anthropic-org-" + SimulatedApis.ORGANIZATION, "true"));
        attach("onboarded", register("onboarded", "us-east5", "Onboarded today"), "Onboarded today");
    }

    private void attached(String name, String location, String called) {
        apis.withReadyKey(key(name, location));
        attach(name, register(name, location, called + " production"), called);
    }

    private String register(String name, String location, String called) {
        JsonNode config = JSON.objectNode().put("type", "gcp").put("key_name", key(name, location));
        return apis.admin().register(config, called);
    }

    private void attach(String name, String registration, String called) {
        apis.admin().withWorkspace(workspace(name), called).attach(workspace(name), registration);
    }

    private static String key(String name, String location) {
        return "projects/" + PROJECT + "/locations/" + location + "/keyRings/anthropic/cryptoKeys/" + name;
    }

    private static String workspace(String name) {
        return "wrkspc_01" + name;
    }
}
