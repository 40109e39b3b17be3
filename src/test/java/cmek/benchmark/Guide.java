package cmek.benchmark;

import cmek.model.AnthropicPrincipal;
import cmek.simulator.AdminSimulator;
import cmek.simulator.Gcloud;
import cmek.simulator.Journal;
import cmek.simulator.SimulatedApis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A person with Anthropic's guide beside the chain, on the same simulated APIs. By hand means: the guide's own commands one
 * after the other, without a moment to type, read or think.
 */
final class Guide {

    private static final int ONBOARDINGS_THAT_WARM = 50;
    private static final int[] LATENCIES = {0, 50, 100};

    /** How often gcloud is started, the first time and again. */
    private static final int GCLOUDS_FIRST = 5;

    private static final int GCLOUDS_AGAIN = 3;

    private final Surroundings surroundings;
    private final Path folder;
    private final Gcloud gcloud;

    private Guide(Surroundings surroundings, Path folder) {
        this.surroundings = surroundings;
        this.folder = folder;
        this.gcloud = new Gcloud(surroundings.apis().googleUrls(), folder);
    }

    @SuppressWarnings("try") // It serves while it is open.
    static List<Table> measure(Built built, int times) throws IOException, InterruptedException {
        if (!Gcloud.isInstalled()) {
            throw new IllegalStateException("the guide's commands need gcloud on the PATH");
        }
        Path folder =
                Files.createDirectories(built.target().resolve("benchmark").resolve("gcloud"));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Variant variant = built.executable()
                .map(Variant::executable)
                .orElseGet(
                        () -> Variant.service(java, "JDK " + Runtime.version().feature(), built.service(), List.of()));
        try (Surroundings surroundings = new Surroundings();
                Running running = surroundings.serve(variant, folder.resolve("service.log"))) {
            surroundings.onboard(ONBOARDINGS_THAT_WARM);
            return new Guide(surroundings, folder).sideBySide(variant, times);
        }
    }

    private List<Table> sideBySide(Variant variant, int times) throws IOException, InterruptedException {
        Seconds starts = new Seconds();
        byHand(surroundings.freshName());
        Table table = new Table(
                "One onboarding: the guide's commands, a script of its calls without gcloud, and the chain (medians of "
                        + times + "; " + Machine.description() + ")",
                List.of(
                        "",
                        "a call takes, ms",
                        "the guide by hand, s",
                        "of this gcloud starting, s",
                        "a plain script, s",
                        variant.name() + ", s",
                        "chain to hand",
                        "chain to script",
                        "outside calls by hand",
                        "outside calls of the chain"));
        for (int latency : LATENCIES) {
            Seconds handFirst = new Seconds();
            Seconds handAgain = new Seconds();
            Seconds script = new Seconds();
            Seconds chainFirst = new Seconds();
            Seconds chainAgain = new Seconds();
            for (int time = 0; time < times; time++) {
                // Anthropic lists a hundred registrations a page: those of earlier rounds would cost the chain further
                // calls.
                surroundings.apis().admin().foundAnew();
                surroundings.slowDown(latency);
                starts.time(() -> gcloud.paste("gcloud version"));
                String hand = surroundings.freshName();
                handFirst.time(() -> byHand(hand));
                handAgain.time(() -> byHandAgain(hand));
                String plain = surroundings.freshName();
                script.time(() -> byScript(plain));
                String chain = surroundings.freshName();
                chainFirst.time(() -> surroundings.onboard(chain));
                chainAgain.time(() -> surroundings.onboard(chain));
                surroundings.slowDown(0);
            }
            double start = Table.median(starts.seconds);
            table.row(row("first", latency, handFirst, start * GCLOUDS_FIRST, Optional.of(script), chainFirst));
            table.row(row("repeated", latency, handAgain, start * GCLOUDS_AGAIN, Optional.empty(), chainAgain));
        }
        return List.of(table);
    }

    private static List<String> row(
            String what, int latency, Seconds hand, double starting, Optional<Seconds> script, Seconds chain) {
        double taken = Table.median(chain.seconds);
        return List.of(
                what,
                String.valueOf(latency),
                Table.number(Table.median(hand.seconds), 2),
                Table.number(starting, 2),
                script.map(plain -> Table.number(Table.median(plain.seconds), 2))
                        .orElse("cannot be repeated"),
                Table.number(taken, 3),
                Table.number(taken / Table.median(hand.seconds), 2),
                script.map(plain -> Table.number(taken / Table.median(plain.seconds), 2))
                        .orElse(""),
                Table.number(Table.median(hand.calls), 0),
                Table.number(Table.median(chain.calls), 0));
    }

    /** Something that is timed. */
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** How long it took, time after time, and how many outside calls. */
    private final class Seconds {

        private final List<Double> seconds = new ArrayList<>();
        private final List<Double> calls = new ArrayList<>();

        void time(Work work) throws IOException, InterruptedException {
            Journal journal = surroundings.apis().journal();
            journal.clear();
            long begun = System.nanoTime();
            work.run();
            seconds.add((System.nanoTime() - begun) / 1e9);
            calls.add((double) journal.entries().size());
        }
    }

    /** The guide's steps 1 to 7, with what each prints passed on to the next. */
    private void byHand(String name) throws IOException, InterruptedException {
        surroundings.apis().admin().withWorkspace("wrkspc_01" + name, name);
        String ring = " --location=us-east5 --project=acme-kms-prod";
        String key = " " + name + " --keyring=ring-" + name + ring;
        gcloud.paste("gcloud kms keyrings create ring-" + name + ring);
        gcloud.paste(
                "gcloud kms keys create" + key + " --purpose=encryption --protection-level=hsm --labels=anthropic-org-"
                        + SimulatedApis.ORGANIZATION + "=true");
        bind(key);
        String keyName = gcloud.paste("gcloud kms keys describe" + key + " --format='value(name)'")
                .strip();
        String id = register(name, keyName);
        Files.writeString(folder.resolve(name), id);
        curl("external_keys/" + id + "/validate", "{}");
        curl("workspaces/wrkspc_01" + name, "{\"external_key_id\":\"" + id + "\"}");
    }

    /** What of it can be done twice: a careful person creates nothing again, and never attaches again. */
    private void byHandAgain(String name) throws IOException, InterruptedException {
        String key = " " + name + " --keyring=ring-" + name + " --location=us-east5 --project=acme-kms-prod";
        gcloud.paste("gcloud kms keys describe" + key + " --format='value(name)'");
        bind(key);
        curl("external_keys/" + Files.readString(folder.resolve(name)) + "/validate", "{}");
    }

    /**
     * The guide's seven steps as somebody who knows the APIs would script them: no gcloud, one connection after another, no
     * check, no retry, no second run, and no policy of the key that was not empty before.
     */
    private void byScript(String name) throws IOException, InterruptedException {
        surroundings.apis().admin().withWorkspace("wrkspc_01" + name, name);
        String kms = surroundings.apis().googleUrls().get("cloudkms") + "/v1/";
        String location = "projects/acme-kms-prod/locations/us-east5/keyRings";
        String key = location + "/ring-" + name + "/cryptoKeys/" + name;
        google(kms + location + "?keyRingId=ring-" + name, "{}");
        google(
                kms + location + "/ring-" + name + "/cryptoKeys?cryptoKeyId=" + name,
                "{\"purpose\":\"ENCRYPT_DECRYPT\",\"versionTemplate\":{\"protectionLevel\":\"HSM\","
                        + "\"algorithm\":\"GOOGLE_SYMMETRIC_ENCRYPTION\"},\"labels\":{\"anthropic-org-"
                        + SimulatedApis.ORGANIZATION + "\":\"true\"}}");
        google(
                kms + key + ":setIamPolicy",
                "{\"policy\":{\"bindings\":[{\"role\":\"" + AnthropicPrincipal.ENCRYPTER_DECRYPTER
                        + "\",\"members\":[\"" + AnthropicPrincipal.MEMBER + "\"]},{\"role\":\""
                        + AnthropicPrincipal.VIEWER + "\",\"members\":[\"" + AnthropicPrincipal.MEMBER + "\"]}]}}");
        String id = register(name, key);
        curl("external_keys/" + id + "/validate", "{}");
        curl("workspaces/wrkspc_01" + name, "{\"external_key_id\":\"" + id + "\"}");
    }

    private void google(String url, String body) throws IOException, InterruptedException {
        gcloud.paste("curl --silent --fail-with-body '" + url + "' --header 'content-type: application/json' --data '"
                + body + "'");
    }

    /** Returns the id of the registration. */
    private String register(String name, String key) throws IOException, InterruptedException {
        return curl(
                        "external_keys",
                        "{\"display_name\":\"" + name
                                + "\",\"geo\":\"us\",\"provider_config\":{\"type\":\"gcp\",\"key_name\":\""
                                + key + "\"}}")
                .replaceAll("(?s).*\"id\"\\s*:\\s*\"([^\"]+)\".*", "$1");
    }

    private void bind(String key) throws IOException, InterruptedException {
        for (String role : List.of(AnthropicPrincipal.ENCRYPTER_DECRYPTER, AnthropicPrincipal.VIEWER)) {
            gcloud.paste("gcloud kms keys add-iam-policy-binding" + key + " --member=" + AnthropicPrincipal.MEMBER
                    + " --role=" + role);
        }
    }

    private String curl(String path, String body) throws IOException, InterruptedException {
        return gcloud.paste("curl --silent --fail-with-body "
                + surroundings.apis().settings().get("cmek.anthropic.base-url") + "/v1/organizations/" + path
                + " --header 'x-api-key: " + AdminSimulator.TEST_ADMIN_KEY
                + "' --header 'anthropic-version: 2023-06-01'"
                + " --header 'content-type: application/json' --data '" + body + "'");
    }
}
