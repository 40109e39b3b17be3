package cmek.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.model.Json;
import cmek.onboarding.state.Approvals;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the native command needs to know when it is built, for no test of the JVM misses it. */
class NativeCommandTest {

    private static final Path METADATA =
            Path.of("src/main/cli/resources/META-INF/native-image/cmek/cli/reachability-metadata.json");

    /** What the command reads or writes as a whole; everything else it reads field by field. */
    private static final List<Type> BOUND = List.of(Approvals.Asked.class, Reports.Row.class);

    @Test
    void whatJacksonLooksIntoIsTold() throws IOException {
        List<String> told = new ArrayList<>();
        for (JsonNode entry : Json.MAPPER.readTree(METADATA.toFile()).path("reflection")) {
            told.add(entry.path("type").asText());
        }
        Set<String> reached = new TreeSet<>();
        BOUND.forEach(type -> reach(type, reached));

        assertThat(told).containsExactlyElementsOf(reached);
    }

    private static void reach(Type type, Collection<String> reached) {
        if (type instanceof ParameterizedType parameterized) {
            for (Type argument : parameterized.getActualTypeArguments()) {
                reach(argument, reached);
            }
        } else if (type instanceof Class<?> one && one.getName().startsWith("cmek.") && reached.add(one.getName())) {
            if (one.isRecord()) {
                for (RecordComponent component : one.getRecordComponents()) {
                    reach(component.getGenericType(), reached);
                }
            }
        }
    }
}
