package cmek.client.anthropic;

import cmek.client.http.InProcess;
import cmek.client.http.Retry;
import cmek.config.CmekConfig;
import cmek.config.Configs;
import cmek.fake.Sample;
import cmek.model.AnthropicPrincipal;
import cmek.simulator.AdminSimulator;
import cmek.simulator.Call;
import cmek.simulator.Fault;
import cmek.simulator.Faults;
import cmek.simulator.Gate;
import cmek.simulator.Journal;
import cmek.simulator.KmsSimulator;
import cmek.simulator.Reply;
import cmek.simulator.Simulator;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The real client of the Admin API over the simulated one, in this process. Anthropic can use every key, unless
 * something is changed in {@link #kms the customer's Cloud KMS}.
 */
public final class AdminApiInProcess {

    private static final String POST = "POST /v1/organizations/";
    private static final CmekConfig CONFIG = Configs.of(Map.of(
            "cmek.anthropic.admin-key",
            AdminSimulator.TEST_ADMIN_KEY,
            "cmek.anthropic.organization-id",
            Sample.ORGANIZATION.value()));

    private final Journal journal = new Journal();
    private final KmsSimulator kms = new KmsSimulator(new Journal(), Sample.CLOCK);
    private final Set<String> ready = new HashSet<>();
    private final AdminSimulator simulator =
            new AdminSimulator(journal, Sample.CLOCK, Sample.ORGANIZATION.value(), this::used);
    private final Gate gate = new Gate(simulator);
    private final AdminApi client = over(gate, new Retry(wait -> {}, () -> 0), CONFIG);

    /** The client over anything that answers as the Admin API does. */
    public static AdminApi over(Simulator wire, Retry retry, CmekConfig config) {
        return new HttpAdminApi(
                InProcess.client(AdminHttp.class, wire),
                InProcess.client(ValidateHttp.class, wire),
                new ApiKeyAuth(config),
                retry,
                config,
                Sample.ORGANIZATION);
    }

    public AdminApi client() {
        return client;
    }

    public AdminSimulator simulator() {
        return simulator;
    }

    /** The Cloud KMS that Anthropic reaches, in which a key is ready as soon as Anthropic asks for it. */
    public KmsSimulator kms() {
        return kms;
    }

    /** Each call of this kind meets a fault from now on; the path is that behind the organization. */
    public AdminApiInProcess each(String method, String path, Fault fault) {
        gate.put(Faults.every(1, Faults.calls(method, "/v1/organizations/" + path), fault));
        return this;
    }

    /** Only the next one does. */
    public AdminApiInProcess next(String method, String path, Fault fault) {
        gate.put(Faults.next(1, Faults.calls(method, "/v1/organizations/" + path), fault));
        return this;
    }

    /** A list is cut off after its first page: what follows cannot be had. */
    public AdminApiInProcess cutOff(String list) {
        return each("GET", list, (call, apis) -> {
            if (call.parameter("page").or(() -> call.parameter("after_id")).isPresent()) {
                return AdminSimulator.refusing(529).answer(call, apis);
            }
            String first = apis.answer(call).text();
            return Reply.json(
                    200,
                    first.replace("\"next_page\":null", "\"next_page\":\"page_d1\"")
                            .replace("\"has_more\":false", "\"has_more\":true"));
        });
    }

    /** Every call is answered with Anthropic's error of this status. */
    public AdminApiInProcess failing(int status) {
        gate.put(AdminSimulator.refusing(status));
        return this;
    }

    /** The credential is another organization's from now on. */
    public void ofAnotherOrganization() {
        Simulator another =
                new AdminSimulator(journal, Sample.CLOCK, "00000000-0000-4000-8000-000000000000", this::used);
        gate.put((call, apis) -> another.answer(call));
    }

    /** Nothing fails any more. */
    public void recovered() {
        gate.open();
    }

    /** What was asked of the API that is not a mere read, in order: {@code external_keys/ekey_…/validate}. */
    public List<String> calls() {
        return journal.entries().stream()
                .map(Journal.Entry::operation)
                .filter(operation -> operation.startsWith(POST))
                .map(operation -> operation.substring(POST.length()))
                .toList();
    }

    private synchronized Reply used(Call call) {
        String key = call.path().replaceFirst("^/v1/", "").replaceFirst(":.*", "");
        if (key.contains("/cryptoKeys/") && ready.add(key)) {
            ObjectNode body = JsonNodeFactory.instance.objectNode().put("purpose", "ENCRYPT_DECRYPT");
            body.putObject("labels").put(Sample.ORGANIZATION.label().key(), "true");
            kms.createKey(key, body)
                    .bind(key, "roles/cloudkms.cryptoKeyEncrypterDecrypter", AnthropicPrincipal.MEMBER)
                    .bind(key, "roles/cloudkms.viewer", AnthropicPrincipal.MEMBER);
        }
        return kms.answer(call);
    }
}
