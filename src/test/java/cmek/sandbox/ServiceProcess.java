package cmek.sandbox;

import io.restassured.RestAssured;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;

/** Starts the packaged service before the first test of a class and ends it after the last. */
final class ServiceProcess implements BeforeAllCallback, TestInstancePostProcessor, AfterAllCallback {

    private static final ExtensionContext.Namespace OWN = ExtensionContext.Namespace.create(ServiceProcess.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        Class<?> test = context.getRequiredTestClass();
        InAnotherProcess how = Objects.requireNonNull(test.getAnnotation(InAnotherProcess.class));
        Service service = Service.start(test.getSimpleName(), made(how.value()), apis -> Map.of());
        context.getStore(OWN).put(test, service);
        RestAssured.port = service.port();
    }

    @Override
    public void postProcessTestInstance(Object instance, ExtensionContext context) {
        ((FromOutside) instance).deployment = service(context).deployment();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        RestAssured.port = RestAssured.UNDEFINED_PORT;
        service(context).close();
    }

    private static Service service(ExtensionContext context) {
        return Objects.requireNonNull(context.getStore(OWN).get(context.getRequiredTestClass(), Service.class));
    }

    private static InTheSandbox made(Class<? extends InTheSandbox> profile) {
        try {
            return profile.getDeclaredConstructor().newInstance();
        } catch (NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }
}
