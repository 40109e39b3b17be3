package cmek.offender.onboarding.step;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.http.HttpClient;

/** A step that goes out by ways of its own. */
public final class Smuggler {

    public void run(String command) throws IOException {
        new ProcessBuilder(command).start();
    }

    public Object call(Method method, Object target) throws InvocationTargetException, IllegalAccessException {
        return method.invoke(target);
    }

    public HttpClient client() {
        return HttpClient.newHttpClient();
    }
}
