package cmek.model;

/** A Cloud KMS key ring: {@code projects/P/locations/L/keyRings/R}. */
public record KeyRingName(String project, String location, String keyRing) {

    public KeyRingName {
        KmsIds.requireProject(project);
        KmsIds.requireLocation(location);
        KmsIds.requireId("keyRing", keyRing);
    }

    /** The location's resource name, the ring's parent. */
    public String parent() {
        return "projects/" + project + "/locations/" + location;
    }

    @Override
    public String toString() {
        return parent() + "/keyRings/" + keyRing;
    }
}
