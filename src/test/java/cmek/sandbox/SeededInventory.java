package cmek.sandbox;

import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** A company's keys, some of them in all the states that a night tells apart. */
final class SeededInventory {

    private static final String PROJECT = "acme-kms-prod";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final SimulatedApis world;

    private SeededInventory(SimulatedApis world) {
        this.world = world;
    }

    /**
     * Puts the keys into a world as they were the night before: all well but one, and what only lists can show: a key
     * that nobody uses, one that only an archived workspace uses, one registered twice, a workspace without a key, a key
     * elsewhere.
     */
    static SeededInventory in(SimulatedApis world) {
        world.withProject(PROJECT);
        SeededInventory estate = new SeededInventory(world);
        estate.attached("payments", "us-east5", "Payments");
        estate.attached("search", "us-east5", "Search");
        estate.attached("support", "us-central1", "Support");
        estate.attached("claims", "us-west1", "Claims");
        estate.attached("ledger", "us-east5", "Ledger");
        estate.attached("vault", "us-east5", "Vault");
        estate.attached("mobile", "us-central1", "Mobile");
        estate.attached("web", "us-central1", "Web");
        estate.attached("analytics", "us-east5", "Analytics");
        estate.attached("archive", "us-east5", "Archive");
        estate.attached("legal", "us-east5", "Legal");
        world.kms().setLabels(key("legal", "us-east5"), Map.of("team", "legal"));
        estate.attached("campaign", "us-east5", "Campaign 2025");
        world.admin().archive(workspace("campaign"));
        world.withReadyKey(key("experiment", "us-east5"));
        estate.register("experiment", "us-east5", "Experiment");
        estate.register("payments", "us-east5", "Payments, registered once more");
        world.withReadyKey(key("onboarded", "us-east5"));
        world.admin().withWorkspace(workspace("playground"), "Playground");
        world.admin()
                .register(
                        JSON.objectNode()
                                .put("type", "aws")
                                .put("kms_arn", "arn:aws:kms:eu-central-1:111122223333:key/data-lake"),
                        "Data lake");
        world.journal().clear();
        return estate;
    }

    /** A day's harm, in six ways; one key is mended, and one is new. */
    void harm() {
        String ledger = key("ledger", "us-east5");
        world.kms().addVersion(ledger, true);
        world.kms().setVersionState(ledger, 1, "DESTROY_SCHEDULED");
        world.kms().setVersionState(key("vault", "us-east5"), 1, "DISABLED");
        world.kms().setLabels(key("mobile", "us-central1"), Map.of("team", "mobile"));
        world.kms().setPolicy(key("web", "us-central1"), JSON.objectNode());
        String analytics = key("analytics", "us-east5");
        ObjectNode shared = world.kms().policy(analytics).deepCopy();
        shared.withArray("bindings")
                .addObject()
                .put("role", "roles/cloudkms.cryptoKeyDecrypter")
                .putArray("members")
                .add("serviceAccount:etl@partner-analytics.iam.gserviceaccount.com");
        world.kms().setPolicy(analytics, shared);
        String archive = key("archive", "us-east5");
        world.kms().addVersion(archive, true);
        world.kms().setVersionState(archive, 1, "DISABLED");
        world.kms()
                .setLabels(
                        key("legal", "us-east5"),
                        Map.of("team", "legal", "anthropic-org-" + SimulatedApis.ORGANIZATION, "true"));
        attach("onboarded", register("onboarded", "us-east5", "Onboarded today"), "Onboarded today");
    }

    private void attached(String name, String location, String called) {
        world.withReadyKey(key(name, location));
        attach(name, register(name, location, called + " production"), called);
    }

    private String register(String name, String location, String called) {
        JsonNode config = JSON.objectNode().put("type", "gcp").put("key_name", key(name, location));
        return world.admin().register(config, called);
    }

    private void attach(String name, String registration, String called) {
        world.admin().withWorkspace(workspace(name), called).attach(workspace(name), registration);
    }

    private static String key(String name, String location) {
        return "projects/" + PROJECT + "/locations/" + location + "/keyRings/anthropic/cryptoKeys/" + name;
    }

    private static String workspace(String name) {
        return "wrkspc_01" + name;
    }
}
