package cmek.sandbox;

/**
 * A case's key, in a key ring and a project that no other case has, and the workspace that gets it.
 *
 * @param family of cases
 * @param name of the case: the key's name
 */
record KeyOfItsOwn(String family, String name) {

    String project() {
        return "acme-" + family + "-" + Integer.toHexString(name.hashCode());
    }

    String ring() {
        return "projects/" + project() + "/locations/us-east5/keyRings/" + family;
    }

    String key() {
        return ring() + "/cryptoKeys/" + name;
    }

    String workspace() {
        return "wrkspc_01" + family + name.replaceAll("[^a-z0-9]", "");
    }

    @Override
    public String toString() {
        return name;
    }
}
