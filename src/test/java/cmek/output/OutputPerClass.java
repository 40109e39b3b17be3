package cmek.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Keeps the console readable. What a test class and the service it tests write on standard output and standard error goes
 * to {@code DIRECTORY/CLASS.log}, the directory being the system property {@code test.output}; when a test of the
 * class fails, the end of that file is shown. Without the property, as in an editor, everything is shown at once.
 */
public final class OutputPerClass implements LauncherSessionListener, TestExecutionListener {

    private static final int LINES_SHOWN = 200;

    /** Where that goes which no test class is to be blamed for, such as the build of a service before its first test. */
    private static final String ELSEWHERE = "outside-of-classes-" + System.getProperty("surefire.forkNumber", "1");

    private final PrintStream console = System.out;
    private final Optional<Path> directory =
            Optional.ofNullable(System.getProperty("test.output")).map(Path::of);
    private final Switched output = new Switched(console);
    private @Nullable String current;
    private boolean failed;
    private final Set<String> skipped = new HashSet<>();

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        // Before anything else runs: a logging handler keeps the stream that it finds when it is made.
        if (directory.isPresent()) {
            PrintStream stream = new PrintStream(output, true, UTF_8);
            System.setOut(stream);
            System.setErr(stream);
            output.to(file(ELSEWHERE));
            session.getLauncher().registerTestExecutionListeners(this);
        }
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        className(test).filter(name -> current == null).ifPresent(name -> {
            current = name;
            failed = false;
            output.to(file(name));
        });
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        failed |= result.getStatus() == TestExecutionResult.Status.FAILED;
        if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
            // Whatever was not held must not pass in silence.
            String why = result.getThrowable().map(Throwable::getMessage).orElse("no reason given");
            if (skipped.add(current + why)) {
                console.println("SKIPPED in " + current + ": " + why);
            }
        }
        className(test).filter(name -> name.equals(current)).ifPresent(name -> {
            current = null;
            output.to(file(ELSEWHERE));
            if (failed) {
                show(file(name));
            }
        });
    }

    private static Optional<String> className(TestIdentifier test) {
        return test.getSource()
                .filter(source -> test.isContainer() && source instanceof ClassSource)
                .map(source -> ((ClassSource) source).getClassName());
    }

    private Path file(String className) {
        return directory.orElseThrow().resolve(className + ".log");
    }

    private void show(Path file) {
        if (!Files.exists(file)) {
            return;
        }
        try {
            List<String> lines = Files.readAllLines(file);
            int first = Math.max(0, lines.size() - LINES_SHOWN);
            console.println("--- the output of a class with a failed test, " + (lines.size() - first) + " of "
                    + lines.size() + " lines: " + file);
            lines.subList(first, lines.size()).forEach(console::println);
            console.println("--- end of " + file);
        } catch (IOException e) {
            console.println("--- the output of a class with a failed test cannot be read: " + file + ", " + e);
        }
    }

    /** One stream for the life of the process whose destination changes. */
    private static final class Switched extends OutputStream {

        private final Set<Path> files = new HashSet<>();
        private OutputStream destination;

        Switched(OutputStream console) {
            this.destination = console;
        }

        /** Goes on in a file, which is made when something is written. */
        synchronized void to(Path file) {
            try {
                if (destination instanceof Lazily before) {
                    before.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            destination = new Lazily(file, files.add(file));
        }

        @Override
        public synchronized void write(int octet) throws IOException {
            destination.write(octet);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
            destination.write(bytes, offset, length);
        }

        @Override
        public synchronized void flush() throws IOException {
            destination.flush();
        }
    }

    private static final class Lazily extends OutputStream {

        private final Path file;
        private final boolean anew;
        private @Nullable OutputStream stream;

        Lazily(Path file, boolean anew) {
            this.file = file;
            this.anew = anew;
        }

        private OutputStream stream() throws IOException {
            if (stream == null) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                stream = Files.newOutputStream(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        anew ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND);
            }
            return stream;
        }

        @Override
        public void write(int octet) throws IOException {
            stream().write(octet);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            stream().write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            if (stream != null) {
                stream.flush();
            }
        }

        @Override
        public void close() throws IOException {
            if (stream != null) {
                stream.close();
            }
        }
    }
}
