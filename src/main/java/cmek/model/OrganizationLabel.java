package cmek.model;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The label a key must carry for one organization: {@code anthropic-org-<UUID>=true}. A key shared by several
 * organizations carries one each.
 */
public record OrganizationLabel(String key) {

    /** The label's only accepted value. */
    public static final String VALUE = "true";

    /** Cloud KMS keeps at most this many labels on one key. */
    public static final int LABELS_AT_MOST = 64;

    public boolean isOn(Map<String, String> labels) {
        return VALUE.equals(labels.get(key));
    }

    /** The same labels and this one: an update replaces the whole map, so everyone else's must be sent along. */
    public Map<String, String> mergedInto(Map<String, String> labels) {
        Map<String, String> merged = new LinkedHashMap<>(labels);
        merged.put(key, VALUE);
        return merged;
    }

    /** Whether this label can be added to a key with these labels. */
    public boolean fitsInto(Map<String, String> labels) {
        return mergedInto(labels).size() <= LABELS_AT_MOST;
    }

    @Override
    public String toString() {
        return key + "=" + VALUE;
    }
}
