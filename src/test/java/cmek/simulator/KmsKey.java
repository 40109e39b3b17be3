package cmek.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One key with its versions. Remembers what its labels and its policy were, for those who hear of a change later. */
final class KmsKey {

    /** What can never be changed, and the algorithm of new versions, which can. */
    record Traits(
            String purpose,
            String protectionLevel,
            String algorithm,
            Duration destroyScheduledDuration,
            boolean importOnly) {

        boolean isSymmetric() {
            return purpose.equals("ENCRYPT_DECRYPT");
        }
    }

    /** Labels and policy as they have been since a moment. */
    private record Face(Instant since, Map<String, String> labels, ObjectNode policy) {}

    private final String name;
    private final Instant createTime;
    private final List<KmsVersion> versions = new ArrayList<>();
    private final List<Face> faces = new ArrayList<>();
    private Traits traits;
    private @Nullable Duration rotationPeriod;
    private @Nullable Instant nextRotationTime;
    private @Nullable List<String> accessReasons;
    private boolean rotates = true;
    private int primary;
    private int highest;

    KmsKey(String name, Traits traits, Map<String, String> labels, ObjectNode policy, Instant createTime) {
        this.name = name;
        this.traits = traits;
        this.createTime = createTime;
        faces.add(new Face(createTime, new TreeMap<>(labels), policy));
    }

    String name() {
        return name;
    }

    Traits traits() {
        return traits;
    }

    void changeAlgorithm(String algorithm) {
        traits = new Traits(
                traits.purpose(),
                traits.protectionLevel(),
                algorithm,
                traits.destroyScheduledDuration(),
                traits.importOnly());
    }

    void rotate(@Nullable Duration period, @Nullable Instant next) {
        rotationPeriod = period;
        nextRotationTime = next;
    }

    void missRotation(Duration period, Instant due) {
        rotate(period, due);
        rotates = false;
    }

    Optional<Duration> rotationPeriod() {
        return Optional.ofNullable(rotationPeriod);
    }

    Optional<Instant> nextRotationTime() {
        return Optional.ofNullable(nextRotationTime);
    }

    // --- what others hear of later -------------------------------------------------------------------------------

    Map<String, String> labels() {
        return latest().labels();
    }

    void changeLabels(Map<String, String> labels, Instant now) {
        faces.add(new Face(now, new TreeMap<>(labels), latest().policy()));
    }

    ObjectNode policy() {
        return latest().policy();
    }

    /** The policy as it was at a moment; a key is born with one, so there is one for any moment. */
    ObjectNode policyAt(Instant moment) {
        return faceAt(moment).policy();
    }

    void changePolicy(ObjectNode policy, Instant now) {
        faces.add(new Face(now, latest().labels(), policy));
    }

    private Face latest() {
        return faces.get(faces.size() - 1);
    }

    private Face faceAt(Instant moment) {
        for (int i = faces.size() - 1; i > 0; i--) {
            if (!faces.get(i).since().isAfter(moment)) {
                return faces.get(i);
            }
        }
        return faces.get(0);
    }

    // --- versions ------------------------------------------------------------------------------------------------

    List<KmsVersion> versions() {
        return versions;
    }

    Optional<KmsVersion> version(int number) {
        return versions.stream().filter(version -> version.number() == number).findFirst();
    }

    /** Its number is never used again. */
    void deleteVersion(KmsVersion version) {
        versions.remove(version);
    }

    KmsVersion addVersion(Instant now) {
        highest++;
        KmsVersion version = new KmsVersion(name, highest, traits.protectionLevel(), traits.algorithm(), now);
        versions.add(version);
        return version;
    }

    Optional<KmsVersion> primary() {
        return version(primary);
    }

    void makePrimary(KmsVersion version) {
        primary = version.number();
    }

    void withoutPrimary() {
        primary = 0;
    }

    /** The reasons that the Key Access Justifications policy allows; without one every reason is good. */
    Optional<List<String>> accessReasons() {
        return Optional.ofNullable(accessReasons);
    }

    void allowAccessReasons(@Nullable List<String> reasons) {
        accessReasons = reasons;
    }

    /** What Cloud KMS does by itself: due rotations and due destructions. */
    void passTime(Instant now) {
        versions.forEach(version -> version.passTime(now));
        Instant due = nextRotationTime;
        while (rotates && due != null && !due.isAfter(now)) {
            makePrimary(addVersion(due));
            due = rotationPeriod == null ? null : due.plus(rotationPeriod);
            nextRotationTime = due;
        }
    }

    // --- as answered ---------------------------------------------------------------------------------------------

    ObjectNode toJson() {
        return toJson(latest());
    }

    /** As somebody sees it who hears of changes with a delay. */
    ObjectNode toJsonAt(Instant moment) {
        return toJson(faceAt(moment));
    }

    private ObjectNode toJson(Face face) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", name).put("createTime", createTime.toString()).put("purpose", traits.purpose());
        json.putObject("versionTemplate")
                .put("protectionLevel", traits.protectionLevel())
                .put("algorithm", traits.algorithm());
        json.put("destroyScheduledDuration", GoogleTime.text(traits.destroyScheduledDuration()));
        if (traits.importOnly()) {
            json.put("importOnly", true);
        }
        if (accessReasons != null) {
            ObjectNode policy = json.putObject("keyAccessJustificationsPolicy");
            if (!accessReasons.isEmpty()) {
                accessReasons.forEach(policy.putArray("allowedAccessReasons")::add);
            }
        }
        if (rotationPeriod != null) {
            json.put("rotationPeriod", GoogleTime.text(rotationPeriod));
        }
        if (nextRotationTime != null) {
            json.put("nextRotationTime", nextRotationTime.toString());
        }
        if (!face.labels().isEmpty()) {
            ObjectNode labels = json.putObject("labels");
            face.labels().forEach(labels::put);
        }
        primary().ifPresent(version -> json.set("primary", version.toJson()));
        return json;
    }
}
