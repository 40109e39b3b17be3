package cmek.client.storage;

/**
 * An object as it was read.
 *
 * @param generation Cloud Storage's number of this very content, by which a write can be guarded
 */
public record StoredObject(String text, long generation) {}
