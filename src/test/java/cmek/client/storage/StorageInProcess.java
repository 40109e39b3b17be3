package cmek.client.storage;

import cmek.client.http.GoogleAuth;
import cmek.client.http.GoogleHttp;
import cmek.client.http.InProcess;
import cmek.client.http.Retry;
import cmek.fake.Sample;
import cmek.simulator.Call;
import cmek.simulator.CloudStorageSimulator;
import cmek.simulator.Fault;
import cmek.simulator.Gate;
import cmek.simulator.Journal;
import cmek.simulator.Reply;
import cmek.simulator.Simulator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The real client of Cloud Storage over the simulated one, in this process, with a bucket. */
public final class StorageInProcess {

    private static final String BUCKET = "acme-evidence";
    private static final URI URL = URI.create("http://storage.invalid");

    /** What IAM lets a function replace: the beginnings of the names. */
    private static final Set<String> REPLACED = replaced();

    private final CloudStorageSimulator simulator;
    private final Gate gate = new Gate(this::answered);
    private final EvidenceStorage client = over(gate, new Retry(wait -> {}, () -> 0));

    public StorageInProcess() {
        this(Sample.CLOCK);
    }

    public StorageInProcess(InstantSource clock) {
        simulator = new CloudStorageSimulator(new Journal(), clock).withBucket(BUCKET);
    }

    private static Set<String> replaced() {
        try {
            Set<String> replaced = new TreeSet<>();
            new ObjectMapper()
                    .readTree(Path.of("terraform/permissions.json").toFile())
                    .findValues("objects")
                    .forEach(objects -> objects.forEach(object -> replaced.add(object.asText())));
            return Set.copyOf(replaced);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The client over anything that answers as Cloud Storage does. */
    public static EvidenceStorage over(Simulator wire, Retry retry) {
        return over(wire, retry, Optional.of(BUCKET));
    }

    /** The client of a function that has no bucket. */
    public static EvidenceStorage absent() {
        return over(
                call -> {
                    throw new AssertionError("there is no bucket to ask: " + call.path());
                },
                new Retry(wait -> {}, () -> 0),
                Optional.empty());
    }

    private static EvidenceStorage over(Simulator wire, Retry retry, Optional<String> bucket) {
        GoogleHttp http = InProcess.google(wire);
        return new CloudStorage(http, new GoogleAuth(http, URL), retry, URL, 20, bucket);
    }

    /** Answers a call, which must not replace what IAM lets no function replace. */
    private Reply answered(Call call) {
        String name = call.parameter("name").orElse("");
        boolean isThere =
                call.method().equals("POST") && simulator.text(BUCKET, name).isPresent();
        Reply reply = simulator.answer(call);
        if (isThere && reply.status() == 200 && REPLACED.stream().noneMatch(name::startsWith)) {
            throw new AssertionError("no function may replace " + name + ": say so in terraform/permissions.json");
        }
        return reply;
    }

    public EvidenceStorage client() {
        return client;
    }

    /** Answers the functions' calls, for a client of another kind. */
    public Simulator wire() {
        return gate;
    }

    /** Something stands between the functions and the bucket from now on. */
    public StorageInProcess put(Fault fault) {
        gate.put(fault);
        return this;
    }

    /** The names of all objects. */
    public List<String> names() {
        return simulator.names(BUCKET);
    }

    public String text(String name) {
        return simulator.text(BUCKET, name).orElseThrow();
    }

    /** All that lies in it by name and generation, to be compared with what lies in it later. */
    public Map<String, Long> snapshot() {
        return simulator.generations(BUCKET);
    }

    /** A person, or another release, writes an object, whatever was there. */
    public void write(String name, String text) {
        simulator.withObject(BUCKET, name, "application/json", text);
    }

    /** A person deletes an object. */
    public void delete(String name) {
        simulator.withoutObject(BUCKET, name);
    }
}
