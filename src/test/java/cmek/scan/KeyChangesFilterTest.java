package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The log sink of the key projects exports exactly what the code understands. */
class KeyChangesFilterTest {

    private static final Pattern SERVICE = Pattern.compile(
            "\"([a-z.]+)\" = \\{\\s*methods = \\[([^]]*)],?\\s*resource = \"([^\"]+)\"\\s*}", Pattern.DOTALL);

    private static String terraform() throws IOException {
        return Files.readString(Path.of("terraform/modules/key-project/key_changes.tf"));
    }

    @Test
    void theSameMethodsOfTheSameServicesAreExported() throws IOException {
        Map<String, Set<String>> exported = new TreeMap<>();
        services()
                .results()
                .forEach(service -> exported.put(
                        service.group(1),
                        new TreeSet<>(Arrays.asList(
                                service.group(2).replaceAll("[\\s\"]", "").split(",", 0)))));

        Map<String, Set<String>> heard = new TreeMap<>();
        AuditLogEntry.HEARD.forEach((service, each) -> heard.put(service, new TreeSet<>(each.methods())));

        assertThat(exported).isEqualTo(heard);
    }

    @Test
    void theSameResourcesAreExported() throws IOException {
        Map<String, String> exported = new TreeMap<>();
        services().results().forEach(service -> exported.put(service.group(1), service.group(3)));

        Map<String, String> heard = new TreeMap<>();
        AuditLogEntry.HEARD.forEach(
                (service, each) -> heard.put(service, each.resource().pattern()));

        assertThat(exported).isEqualTo(heard);
    }

    /** A short name and a long one, but no name that only ends in one. */
    @Test
    void theNameOfAMethodIsMatchedInTheSameWay() throws IOException {
        String[] around = AuditLogEntry.METHOD.split("%s", -1);

        assertThat(terraform())
                .contains("protoPayload.methodName=~\\\"" + around[0] + "${join(\"|\"", around[1] + "\\\"");
    }

    private static Matcher services() throws IOException {
        return SERVICE.matcher(terraform().replaceAll("(methods|resource) +=", "$1 ="));
    }
}
