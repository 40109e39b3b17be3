package cmek.sandbox;

import cmek.simulator.AdminSimulator;
import cmek.simulator.SimulatedApis;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The environment that points {@code gcloud}, the SDKs and other tools at the APIs of a sandbox, and nowhere else. */
final class ServedEnvironment {

    private ServedEnvironment() {}

    /**
     * The variables as lines for a shell.
     *
     * @param configuration a folder for {@code gcloud}, whose own configuration may have credentials and a proxy
     */
    static List<String> exports(SimulatedApis apis, URI pubsub, Path configuration) {
        Map<String, String> variables = new TreeMap<>();
        Map<String, URI> google = new TreeMap<>(apis.googleUrls());
        google.put("pubsub", pubsub);
        google.forEach((api, url) ->
                variables.put("CLOUDSDK_API_ENDPOINT_OVERRIDES_" + api.toUpperCase(Locale.ROOT), base(api, url)));
        variables.put("CLOUDSDK_AUTH_DISABLE_CREDENTIALS", "true");
        variables.put("CLOUDSDK_CONFIG", configuration.toString());
        variables.put("CLOUDSDK_CORE_DISABLE_PROMPTS", "1");
        variables.put("CLOUDSDK_CORE_PROJECT", SimulatedApis.PROJECT);
        variables.put("PUBSUB_EMULATOR_HOST", pubsub.getAuthority());
        variables.put("PUBSUB_PROJECT_ID", SimulatedApis.PROJECT);
        variables.put("STORAGE_EMULATOR_HOST", String.valueOf(google.get("storage")));
        variables.put("ANTHROPIC_API_KEY", AdminSimulator.TEST_ADMIN_KEY);
        variables.put("ANTHROPIC_BASE_URL", apis.anthropicUrl().toString());
        return variables.entrySet().stream()
                .map(variable -> "export " + variable.getKey() + "=" + quoted(variable.getValue()))
                .toList();
    }

    /** {@code gcloud} takes an address up to where the version begins, and that of Cloud Storage with the version. */
    private static String base(String api, URI url) {
        return url + (api.equals("storage") ? "/storage/v1/" : "/");
    }

    private static String quoted(String value) {
        return value.matches("[A-Za-z0-9_.:/-]+") ? value : "'" + value.replace("'", "'\\''") + "'";
    }
}
