package cmek.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A native executable reads and writes as JSON only what it was told of when it was built. */
class NativeJsonTest {

    @Test
    void everyValueWithinARegisteredValueIsRegistered() {
        Set<Class<?>> registered = new ClassFileImporter()
                .withImportOption(location -> !location.contains("/test-classes/")).importPackages("cmek").stream()
                        .filter(type -> type.isAnnotatedWith(RegisterForReflection.class))
                        .map(JavaClass::reflect)
                        .flatMap(NativeJsonTest::targets)
                        .collect(Collectors.toSet());

        Set<Class<?>> within = new LinkedHashSet<>();
        for (Class<?> value : registered) {
            if (value.isRecord()) {
                for (RecordComponent component : value.getRecordComponents()) {
                    collect(component.getGenericType(), within);
                }
            }
        }

        assertThat(within).isNotEmpty();
        assertThat(registered).containsAll(within);
    }

    /** Those that the annotation names, or else the class that bears it. */
    private static Stream<Class<?>> targets(Class<?> bearer) {
        Class<?>[] targets = bearer.getAnnotation(RegisterForReflection.class).targets();
        return targets.length == 0 ? Stream.of(bearer) : Arrays.stream(targets);
    }

    private static void collect(Type type, Set<Class<?>> values) {
        if (type instanceof ParameterizedType parameterized) {
            for (Type argument : parameterized.getActualTypeArguments()) {
                collect(argument, values);
            }
        } else if (type instanceof Class<?> value && value.getName().startsWith("cmek.")) {
            values.add(value);
        }
    }
}
