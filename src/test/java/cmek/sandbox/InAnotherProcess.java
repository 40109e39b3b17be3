package cmek.sandbox;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the class inherits is held against the packaged HTTP service in a process of its own. The functions' artifact is of
 * a type that {@code @QuarkusIntegrationTest} cannot start.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ServiceProcess.class)
@interface InAnotherProcess {

    /** How it is deployed, and into what APIs. */
    Class<? extends InTheSandbox> value();
}
