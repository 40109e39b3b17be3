package cmek.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.client.storage.EvidenceStorage;
import cmek.client.storage.StoredObject;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** A bucket in memory. Safe for several threads, as a bucket is. */
public class FakeStorage implements EvidenceStorage {

    /** What IAM lets a function replace: the beginnings of the names. */
    private static final Set<String> REPLACED = replaced();

    private final SortedMap<String, StoredObject> objects = new TreeMap<>();
    private long generation;
    private boolean configured = true;

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

    /** No bucket at all. */
    public static FakeStorage absent() {
        FakeStorage storage = new FakeStorage();
        storage.configured = false;
        return storage;
    }

    /** The names of all objects. */
    public synchronized List<String> names() {
        return List.copyOf(objects.keySet());
    }

    public synchronized String text(String name) {
        return Objects.requireNonNull(objects.get(name), name).text();
    }

    /** All that lies in it, to be compared with what lies in it later. */
    public synchronized SortedMap<String, StoredObject> snapshot() {
        return new TreeMap<>(objects);
    }

    @Override
    public boolean isConfigured() {
        return configured;
    }

    @Override
    public String url(String name) {
        return "gs://acme-evidence/" + name;
    }

    @Override
    public synchronized Optional<StoredObject> read(String name) {
        return Optional.ofNullable(objects.get(name));
    }

    @Override
    public synchronized List<String> list(String prefix) {
        return objects.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    @Override
    public synchronized boolean create(String name, MediaKind kind, String text) {
        return replace(name, kind, text, 0);
    }

    /** A person deletes an object. */
    public synchronized void delete(String name) {
        objects.remove(name);
    }

    @Override
    public <T> Optional<T> read(String name, Reading<T> reading) throws IOException {
        Optional<StoredObject> found = read(name);
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        reading.from(new ByteArrayInputStream(found.get().text().getBytes(UTF_8))));
    }

    @Override
    public synchronized boolean create(String name, MediaKind kind, Writing content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            content.to(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return replace(name, kind, bytes.toString(UTF_8), 0);
    }

    @Override
    public synchronized boolean replace(String name, MediaKind kind, String text, long expected) {
        long actual = read(name).map(StoredObject::generation).orElse(0L);
        if (actual != expected) {
            return false;
        }
        if (expected != 0 && REPLACED.stream().noneMatch(name::startsWith)) {
            throw new AssertionError("no function may replace " + name + ": say so in terraform/permissions.json");
        }
        overwrite(name, kind, text);
        return true;
    }

    @Override
    public synchronized void overwrite(String name, MediaKind kind, String text) {
        generation++;
        objects.put(name, new StoredObject(text, generation));
    }
}
