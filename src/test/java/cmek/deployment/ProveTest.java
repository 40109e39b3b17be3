package cmek.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cmek.simulator.Gcloud;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script that proves a deployment, with stand-ins for {@code gcloud}, {@code cmek}, {@code curl} and {@code terraform}. */
class ProveTest {

    /** Answers as a project does in which all is well; writes down every call. */
    private static final String GCLOUD = """
            #!/usr/bin/env bash
            here=$(dirname "$0")
            printf '%s\\n' "$*" >>"$here/calls"
            agent='"serviceAccount:service-1@gcp-sa-logging.iam.gserviceaccount.com"'
            case "$*" in
              "auth list"*) echo somebody@example.com ;;
              "auth print-access-token"*) echo a-token ;;
              "run services list"*) jq -nc '[range(13) | {status: {conditions: [{type: "Ready", status: "True"}]}}]' ;;
              "functions list"*) jq -nc '[range(13) | {state: "ACTIVE", buildConfig: {runtime: "java25",
                environmentVariables: {USE_JAVA_FF_2: "true"}, serviceAccount: "projects/p/serviceAccounts/cmek-build@p.iam"}}]' ;;
              "eventarc triggers list"*) echo projects/p/subscriptions/eventarc-us-central1-cmek-onboard-1-sub-2 ;;
              "pubsub subscriptions describe"*) echo '{"topic": "projects/p/topics/cmek-onboarding-requests", "deadLetterPolicy": {"deadLetterTopic": "t"}}' ;;
              "iam roles describe cmek_checkPrerequisites"*) echo 'cloudkms.cryptoKeys.get;orgpolicy.policy.get' ;;
              "projects get-iam-policy"*) echo '{"auditConfigs": [{"service": "cloudkms.googleapis.com", "auditLogConfigs": [{"logType": "DATA_READ"}, {"logType": "DATA_WRITE"}]}]}' ;;
              "logging sinks describe"*writerIdentity*) jq -r . <<<"$agent" ;;
              "logging sinks describe"*) echo a-filter ;;
              "pubsub topics get-iam-policy"*) echo '{"bindings": [{"role": "roles/pubsub.publisher", "members": ['"$agent"']}]}' ;;
              "logging read a-filter"*) echo UpdateCryptoKey ;;
              "logging read"*) echo 'SCAN_COMPLETED Checked 3 of 3 keys: 3 healthy' ;;
              "alpha monitoring policies list"*) printf 'one\\ntwo\\nthree\\n' ;;
              "storage buckets list"*) echo acme-cmek-cmek-evidence ;;
              "storage ls"*) echo gs://acme-cmek-cmek-evidence/runs/ ;;
            esac
            """;

    private static final String CMEK = """
            #!/usr/bin/env bash
            printf 'cmek %s\\n' "$*" >>"$(dirname "$0")/calls"
            case "$1" in
              onboard) jq -c '{status: (if .mode == "plan" then "PLANNED" else "ATTACHED" end), message: "nothing was written"}' ;;
            esac
            """;

    private static final String CURL = """
            #!/usr/bin/env bash
            case "$*" in
              *prometheus*) echo '{"data": {"result": [{"value": [0, "17"]}]}}' ;;
              *) printf '{}\\n200' ;;
            esac
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // Before each test.
    private Path folder;

    private record Ended(int status, List<String> lines) {}

    @BeforeEach
    void tools() throws IOException {
        assumeTrue(Gcloud.isOnPath("jq"), "jq is not here: nothing was proved");
        tool("gcloud", GCLOUD);
        tool("curl", CURL);
        tool("cmek", CMEK);
        tool("terraform", "#!/bin/sh\n");
    }

    @Test
    void whereAllIsWellNoLineFails() throws Exception {
        Ended ended = prove();

        assertThat(ended.lines()).noneMatch(line -> line.startsWith("FAIL"));
        assertThat(ended.status()).isZero();
        assertThat(ended.lines())
                .contains("PASS     credentials                        as somebody@example.com")
                .anyMatch(line -> line.matches("PASS +request in mode plan +PLANNED +nothing was written"))
                .anyMatch(line -> line.matches("PASS +scan ends +SCAN_COMPLETED.*"))
                .anyMatch(line -> line.matches("PASS +metric of results has data +17 results in the last day"))
                .anyMatch(line -> line.matches("PASS +dead letters can be read .*"))
                .last()
                .asString()
                .matches("1[0-9] passed, 0 failed, [0-9] skipped");
    }

    /** Nothing is written but a request that writes nothing, and a scan's start. */
    @Test
    void itOnlyReads() throws Exception {
        prove();

        assertThat(Files.readAllLines(folder.resolve("calls")))
                .isNotEmpty()
                .noneMatch(call -> call.contains(" kms "))
                .filteredOn(call -> !call.matches(
                        ".*\\b(list|describe|get-iam-policy|read|ls|print-access-token|pull|get-value)\\b.*"))
                .allMatch(call -> call.matches("pubsub topics publish cmek-scan .*|cmek (onboard|dead-letters) .*"))
                .anyMatch(call -> call.startsWith("cmek onboard --json"))
                .anyMatch(call -> call.contains("--attribute=trigger=manual"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "auth list; ; credentials; gcloud auth login first",
                "run services list; '[{},{}]'; services are ready; 0 of 2 services are ready",
                "functions list; '[{\"state\":\"FAILED\"}]'; runtime and invoker; a function is not active",
                "pubsub subscriptions describe; '{\"topic\":\"t\"}'; dead letters stay set; deployment/eventarc-dead-letters.sh",
                "projects get-iam-policy; {}; Data Access logs; not turned on in acme-kms-prod itself",
                "pubsub topics get-iam-policy; {}; sink may publish; is not in key_change_writers",
                "alpha monitoring policies list; one; alerts exist; 1 alert policies",
                "storage ls; ; evidence is written; is empty"
            })
    void whatIsWrongFailsAndSaysWhy(String call, String answer, String name, String why) throws Exception {
        String given = answer == null ? "" : answer;
        tool(
                "gcloud",
                GCLOUD.replace("case \"$*\" in\n", "case \"$*\" in\n  \"" + call + "\"*) echo '" + given + "' ;;\n"));

        Ended ended = prove("--only", name);

        assertThat(ended.lines()).first().asString().startsWith("FAIL ").contains(name, why);
        assertThat(ended.lines()).last().isEqualTo("0 passed, 1 failed, 0 skipped");
        assertThat(ended.status()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"functions list, [], runtime", "eventarc triggers list, '', eventarc"})
    void whatTheOtherHostHasIsSkipped(String call, String answer, String name) throws Exception {
        tool(
                "gcloud",
                GCLOUD.replace(
                        "case \"$*\" in\n", "case \"$*\" in\n  \"" + call + "\"*) printf %s '" + answer + "' ;;\n"));

        Ended ended = prove("--only", name);

        assertThat(ended.lines()).first().asString().startsWith("SKIPPED").contains("cloud-run");
        assertThat(ended.status()).isZero();
    }

    @Test
    void wrongUsageIsToldInTwoLines() throws Exception {
        assertThat(run(List.of("deployment/prove.sh", "--keys", "acme-kms-prod")))
                .isEqualTo(new Ended(
                        2, List.of("prove.sh: --project is missing", "run deployment/prove.sh --help for help")));
        assertThat(run(List.of("deployment/prove.sh", "--everything")).lines())
                .containsExactly("prove.sh: unknown argument --everything", "run deployment/prove.sh --help for help");
        assertThat(run(List.of("deployment/prove.sh", "--project")).lines())
                .containsExactly("prove.sh: --project needs a value", "run deployment/prove.sh --help for help");
    }

    private Ended prove(String... more) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("deployment/prove.sh", "--project", "acme-cmek", "--keys", "acme-kms-prod"));
        command.addAll(List.of(more));
        return run(command);
    }

    private Ended run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().merge("PATH", folder.toString(), (path, first) -> first + ":" + path);
        builder.environment().put("PROVE_PAUSE", "0");
        Process process = builder.start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .map(String::stripTrailing)
                .toList();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), lines);
    }

    private void tool(String name, String script) throws IOException {
        assertThat(Files.writeString(folder.resolve(name), script).toFile().setExecutable(true))
                .isTrue();
    }
}
