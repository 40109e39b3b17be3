package cmek.function;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** A function whose lines in the log tell which message they are about, and which tells of its own failure. */
@InterceptorBinding
@Retention(RUNTIME)
@Target({TYPE, METHOD})
@interface WithLogContext {}
