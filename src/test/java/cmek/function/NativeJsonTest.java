package cmek.function;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.onboarding.state.OnboardingJson;
import cmek.scan.ScanJson;
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
    void everyWordWithinARegisteredWordIsRegistered() {
        Set<Class<?>> registered = Stream.of(OnboardingJson.class, ScanJson.class)
                .map(holder -> holder.getAnnotation(RegisterForReflection.class))
                .flatMap(registration -> Arrays.stream(registration.targets()))
                .collect(Collectors.toSet());

        Set<Class<?>> within = new LinkedHashSet<>();
        for (Class<?> word : registered) {
            if (word.isRecord()) {
                for (RecordComponent component : word.getRecordComponents()) {
                    collect(component.getGenericType(), within);
                }
            }
        }

        assertThat(within).isNotEmpty();
        assertThat(registered).containsAll(within);
    }

    private static void collect(Type type, Set<Class<?>> words) {
        if (type instanceof ParameterizedType parameterized) {
            for (Type argument : parameterized.getActualTypeArguments()) {
                collect(argument, words);
            }
        } else if (type instanceof Class<?> word && word.getName().startsWith("cmek.")) {
            words.add(word);
        }
    }
}
