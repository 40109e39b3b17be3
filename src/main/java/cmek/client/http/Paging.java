package cmek.client.http;

import cmek.finding.Reason;
import cmek.finding.TransientException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A list of a Google API that comes in pages: it must come to an end. */
public final class Paging {

    /** Of a thousand items each: more than any list that we ask for has. */
    public static final int PAGES_AT_MOST = 200;

    private final String operation;
    private final Set<String> tokens = new HashSet<>();
    private final Set<Object> items = new HashSet<>();
    private boolean repeated = true;

    /**
     * A list that begins.
     *
     * @param operation in the API's own words, for a person
     */
    public Paging(String operation) {
        this.operation = operation;
    }

    /** Whether an item is not on any page before; one at a border may be on two when others write meanwhile. */
    public boolean isNew(Object item) {
        boolean isNew = items.add(item);
        if (isNew) {
            repeated = false;
        }
        return isNew;
    }

    /**
     * Notes the end of a page.
     *
     * @param token of the next page; null or empty marks the last one
     * @param size how many items the page had
     * @return whether there is another page
     * @throws TransientException when the list does not end: too many pages, a token or a whole page that was seen
     *     before, or the time of the event is used up
     */
    public boolean goesOn(@Nullable String token, int size) {
        boolean nothingNew = repeated && size > 0;
        repeated = true;
        if (token == null || token.isEmpty()) {
            return false;
        }
        if (nothingNew || !tokens.add(token) || tokens.size() >= PAGES_AT_MOST) {
            throw endless("was answered with a list that does not end");
        }
        if (Deadline.isOver()) {
            throw endless("has more pages than the time of the event allows");
        }
        return true;
    }

    private TransientException endless(String what) {
        return new TransientException(Reason.GOOGLE_UNAVAILABLE, operation + " " + what, null);
    }
}
