package cmek.scan.report;

import cmek.finding.Actor;
import cmek.finding.Finding;
import cmek.finding.Reason;
import cmek.scan.ReportedKey;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * All keys of which one thing is wrong that one party must fix: explained once, with the commands of each key.
 *
 * @param entries the keys, in the order of the report; those whose material is destroyed first come first
 */
@RegisterForReflection
public record Cause(Urgency urgency, Reason reason, Actor actor, List<Entry> entries, String documentation) {

    /** Of so many keys a page has the commands; of the others the CSV file has them. */
    private static final int SHOWN_AT_MOST = 1_000;

    private static final int TOLD_AT_MOST = 20;

    public Cause {
        entries = List.copyOf(entries);
    }

    /**
     * A key and its finding.
     *
     * @param common what is to be done and is the same for all keys, and said above them
     */
    @RegisterForReflection
    public record Entry(ReportedKey key, Finding finding, Instant reportedAt, Set<String> common) {

        public List<String> commands() {
            return finding.remedy().stream().filter(Finding::isCommand).toList();
        }

        public List<String> sentences() {
            return finding.remedy().stream()
                    .filter(line -> !Finding.isCommand(line) && !common.contains(line))
                    .toList();
        }

        public Instant at() {
            return key.reasonsSince().getOrDefault(finding.reason(), key.checkedAt());
        }

        public String since() {
            return PageText.minute(at());
        }

        /** Only of a scheduled destruction; otherwise empty. */
        public String left() {
            return key.destroysAt()
                    .filter(at -> finding.reason() == Reason.KEY_VERSION_DESTROY_SCHEDULED)
                    .map(at -> at.isAfter(reportedAt)
                            ? "destroyed in " + PageText.span(reportedAt, at) + ", on " + PageText.minute(at)
                            : "destroyed on " + PageText.minute(at))
                    .orElse("");
        }
    }

    /** For a link to it. */
    public String id() {
        return urgency.id() + "-" + (reason + "-" + actor).toLowerCase(Locale.ROOT);
    }

    /** Whether what was found of each key is shown with it, which the table has in any case. */
    public boolean few() {
        return entries.size() <= TOLD_AT_MOST;
    }

    public String explained() {
        String cause = reason.cause();
        return Character.toUpperCase(cause.charAt(0)) + cause.substring(1) + ".";
    }

    /** Whether the documents can be reached from a browser. */
    public boolean linked() {
        return documentation.startsWith("https://");
    }

    public String who() {
        return PageText.who(actor);
    }

    public String number() {
        return PageText.number(entries.size(), "key");
    }

    public List<Entry> shown() {
        return entries.subList(0, Math.min(entries.size(), SHOWN_AT_MOST));
    }

    public int more() {
        return entries.size() - shown().size();
    }

    public String numberOfMore() {
        return PageText.number(more(), "more key");
    }

    /** What is to be done and is the same for all keys, said once. */
    public Set<String> sentences() {
        return entries.get(0).common();
    }

    /** The causes of everything that is wrong with keys, the most urgent first. */
    static List<Cause> of(List<ReportedKey> keys, Instant reportedAt, UnaryOperator<String> locate) {
        record Place(Urgency urgency, Reason reason, Actor actor) {}
        record Case(ReportedKey key, Finding finding) {}
        Map<Place, List<Case>> cases = new LinkedHashMap<>();
        for (ReportedKey key : keys) {
            for (Finding finding : key.findings()) {
                for (Urgency urgency : Urgency.of(key, finding)) {
                    cases.computeIfAbsent(
                                    new Place(urgency, finding.reason(), finding.actor()), place -> new ArrayList<>())
                            .add(new Case(key, finding));
                }
            }
        }
        List<Cause> causes = new ArrayList<>();
        cases.forEach((place, found) -> {
            Set<String> common = new LinkedHashSet<>(found.get(0).finding().remedy());
            common.removeIf(Finding::isCommand);
            found.forEach(one -> common.retainAll(one.finding().remedy()));
            List<Entry> entries = new ArrayList<>(found.stream()
                    .map(one -> new Entry(one.key(), one.finding(), reportedAt, common))
                    .toList());
            if (place.reason() == Reason.KEY_VERSION_DESTROY_SCHEDULED) {
                entries.sort(
                        Comparator.comparing(entry -> entry.key().destroysAt().orElse(Instant.MAX)));
            }
            causes.add(new Cause(
                    place.urgency(),
                    place.reason(),
                    place.actor(),
                    entries,
                    locate.apply(place.reason().documentation())));
        });
        causes.sort(Comparator.comparing(Cause::urgency));
        return causes;
    }
}
