package cmek.client.http;

import cmek.finding.Reason;
import cmek.finding.TransientException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A list that comes in pages: it must come to an end. */
public final class Paging {

    /** Of a thousand items each: more than any list that we ask for has. */
    public static final int PAGES_AT_MOST = 200;

    private final String operation;
    private final Reason unavailable;
    private final int pagesAtMost;
    private final int withoutNewsAtMost;
    private final Set<String> tokens = new HashSet<>();
    private final Set<Object> items = new HashSet<>();
    private boolean news;
    private int withoutNews;

    /**
     * A list of a Google API that begins: none of its pages may repeat what was on others.
     *
     * @param operation in the API's own words, for a person
     */
    public Paging(String operation) {
        this(operation, Reason.GOOGLE_UNAVAILABLE, PAGES_AT_MOST, 0);
    }

    /**
     * A list that begins.
     *
     * @param operation in the API's own words, for a person
     * @param unavailable what a list without an end means
     * @param pagesAtMost more of them are none that end
     * @param withoutNewsAtMost how many pages in a row may have no new item
     */
    public Paging(String operation, Reason unavailable, int pagesAtMost, int withoutNewsAtMost) {
        this.operation = operation;
        this.unavailable = unavailable;
        this.pagesAtMost = pagesAtMost;
        this.withoutNewsAtMost = withoutNewsAtMost;
    }

    /** Whether an item is not on any page before; one at a border may be on two when others write meanwhile. */
    public boolean isNew(Object item) {
        boolean isNew = items.add(item);
        if (isNew) {
            hasNews();
        }
        return isNew;
    }

    /** Notes that the page has something that no page before had. */
    public void hasNews() {
        news = true;
    }

    /**
     * Notes the end of a page.
     *
     * @param token of the next page; null or empty marks the last one
     * @param size how many items the page had; an empty page is none without news
     * @return whether there is another page
     * @throws TransientException when the list does not end: too many pages, a token or a whole page that was seen
     *     before, or the time of the event is used up
     */
    public boolean goesOn(@Nullable String token, int size) {
        withoutNews = news ? 0 : size > 0 ? withoutNews + 1 : withoutNews;
        news = false;
        if (token == null || token.isEmpty()) {
            return false;
        }
        if (withoutNews > withoutNewsAtMost || !tokens.add(token) || tokens.size() >= pagesAtMost) {
            throw endless("was answered with a list that does not end");
        }
        if (Deadline.isOver()) {
            throw endless("has more pages than the time of the event allows");
        }
        return true;
    }

    private TransientException endless(String what) {
        return new TransientException(unavailable, operation + " " + what, null);
    }
}
