package cmek.sandbox;

import cmek.finding.Reason;
import cmek.simulator.SimulatedApis;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One row of the matrix of faults: how the APIs is broken, and what must come of a request then. Each has a project, a
 * key and a workspace of its own, so that what one does to the APIs is nothing to the others.
 */
final class Row {

    private final Reason reason;
    private String name;
    private final ObjectNode request;
    private final ObjectNode keyFields = JsonNodeFactory.instance.objectNode();
    private final List<BiConsumer<SimulatedApis, Row>> breaking = new ArrayList<>();
    private final List<BiConsumer<SimulatedApis, Row>> mending = new ArrayList<>();
    private final List<Reason> besides = new ArrayList<>();
    private final List<String> remedies = new ArrayList<>();
    private final List<String> writes = new ArrayList<>();
    private Function<Row, String> message = row -> row.request.toString();
    private String location = "us-east5";
    private String status = "";
    private String step = "";
    private int leastRedeliveries;
    private int mostRedeliveries;

    private Row(Reason reason, String name) {
        this.reason = reason;
        this.name = name;
        this.request =
                JsonNodeFactory.instance.objectNode().put("requestId", name).put("mode", "provision");
    }

    /** A row of the matrix; the name is that of the request, the key and, in short, the project. */
    static Row of(Reason reason, String name) {
        return new Row(reason, name);
    }

    /** The same with another key, project and workspace. */
    Row named(String other) {
        name = other;
        request.put("requestId", other);
        return this;
    }

    // --- the APIs -----------------------------------------------------------------------------------------------

    Row in(String region) {
        location = region;
        return this;
    }

    Row broken(Consumer<SimulatedApis> act) {
        breaking.add((apis, row) -> act.accept(apis));
        return this;
    }

    Row broken(BiConsumer<SimulatedApis, Row> act) {
        breaking.add(act);
        return this;
    }

    /** What must be put right for the rows that follow. */
    Row fixed(Consumer<SimulatedApis> act) {
        mending.add((apis, row) -> act.accept(apis));
        return this;
    }

    /** A key that is as the guide wants it is there already. */
    Row ready() {
        return broken((apis, row) -> apis.withReadyKey(row.key()));
    }

    /** Another key is there already. */
    Row made(String body) {
        return broken((apis, row) -> apis.withKey(row.key(), body, true));
    }

    /** What the same fault has to be warned of as well. */
    Row besides(Reason other) {
        besides.add(other);
        return this;
    }

    List<Reason> besides() {
        return List.copyOf(besides);
    }

    void breakApis(SimulatedApis apis) {
        apis.withProject(project());
        breaking.forEach(act -> act.accept(apis, this));
    }

    void restoreApis(SimulatedApis apis) {
        mending.forEach(act -> act.accept(apis, this));
    }

    // --- the request ---------------------------------------------------------------------------------------------

    Row mode(String mode) {
        request.put("mode", mode);
        return this;
    }

    Row asking(Consumer<ObjectNode> change) {
        change.accept(request);
        return this;
    }

    /** Asks for the key's attachment to a workspace of the row's own. */
    Row attaching() {
        return asking(json -> json.put("workspaceId", workspace()).put("acknowledgePermanent", true));
    }

    /** Says more about the key than its name. */
    Row withKeyField(String field, String value) {
        keyFields.put(field, value);
        return this;
    }

    /** Publishes something else in place of the request. */
    Row saying(Function<Row, String> other) {
        message = other;
        return this;
    }

    String message() {
        if (!request.has("key")) {
            request.putObject("key")
                    .put("project", project())
                    .put("location", location)
                    .put("keyRing", "ring-" + name)
                    .put("name", name)
                    .setAll(keyFields);
        }
        return message.apply(this);
    }

    // --- what must come of it ------------------------------------------------------------------------------------

    Row refusedAt(String function) {
        status = "REFUSED";
        step = function;
        return this;
    }

    Row failedAt(String function) {
        status = "FAILED";
        step = function;
        return this;
    }

    /** It goes well and says what a person should know; or the trouble passes by itself. */
    Row goingWell(String end) {
        status = end;
        return this;
    }

    /** Each of these is part of a line of the remedy; KEY, RING, PROJECT and WORKSPACE are the row's own. */
    Row remedy(String... parts) {
        remedies.addAll(List.of(parts));
        return this;
    }

    /** Every attempt to write, with its success or failure, in order; without this there must be none. */
    Row writing(String... operations) {
        writes.addAll(List.of(operations));
        return this;
    }

    /** A message was delivered again, and not permanently; without this none was. */
    Row redelivered() {
        leastRedeliveries = 1;
        mostRedeliveries = Topology.ATTEMPTS - 1;
        return this;
    }

    /** A message was delivered as often as its subscription says, each time in vain. */
    Row deliveredInVain() {
        leastRedeliveries = Topology.ATTEMPTS;
        mostRedeliveries = Topology.ATTEMPTS;
        return this;
    }

    Reason reason() {
        return reason;
    }

    String status() {
        return status;
    }

    String step() {
        return step;
    }

    int leastRedeliveries() {
        return leastRedeliveries;
    }

    int mostRedeliveries() {
        return mostRedeliveries;
    }

    boolean endsWell() {
        return !List.of("REFUSED", "FAILED").contains(status);
    }

    List<String> remedies() {
        return remedies.stream().map(this::own).toList();
    }

    List<String> writes() {
        return writes.stream().map(this::own).toList();
    }

    private String own(String text) {
        return text.replace("KEY_NAME", name)
                .replace("RING_NAME", "ring-" + name)
                .replace("KEY", key())
                .replace("RING", ring())
                .replace("PROJECT", project())
                .replace("WORKSPACE", workspace());
    }

    String name() {
        return name;
    }

    String project() {
        return "acme-" + Integer.toHexString(name.hashCode()) + "-kms";
    }

    String ring() {
        return "projects/" + project() + "/locations/" + location + "/keyRings/ring-" + name;
    }

    String key() {
        return ring() + "/cryptoKeys/" + name;
    }

    String workspace() {
        return "wrkspc_01" + name.replace("-", "");
    }

    @Override
    public String toString() {
        return reason + " (" + name + ")";
    }
}
