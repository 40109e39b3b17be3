package cmek.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the builds left behind, and the JDKs of this machine.
 *
 * @param root the project's folder
 */
record Built(Path root) {

    private static final String NAME = "cmek-onboarding-1.0.0-runner";

    Path target() {
        return root.resolve("target");
    }

    Path functions() {
        return target().resolve(NAME + ".jar");
    }

    Path service() {
        return target().resolve("cloudrun").resolve(NAME + ".jar");
    }

    Path testClasses() {
        return target().resolve("cloudrun").resolve("test-classes");
    }

    /** Empty where no native executable was built. */
    Optional<Path> executable() {
        return Optional.of(target().resolve("native").resolve(NAME)).filter(Files::isExecutable);
    }

    /** Google's functions invoker, which the build brought into the local repository. */
    Path invoker() {
        Path repository = Path.of(System.getProperty(
                "maven.repo.local",
                Path.of(System.getProperty("user.home"), ".m2", "repository").toString()));
        return only(repository.resolve("com/google/cloud/functions/invoker/java-function-invoker"));
    }

    private static Path only(Path artifact) {
        try (Stream<Path> files = Files.walk(artifact)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow(() -> new IllegalStateException("no invoker in " + artifact + ": build first"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The {@code java} of a JDK of this feature release; empty where this machine has none. */
    static Optional<Path> java(int feature) {
        Path jdks = Path.of("/usr/lib/jvm");
        Stream<Path> own = Stream.of(Path.of(System.getProperty("java.home")));
        try (Stream<Path> others = Files.isDirectory(jdks) ? Files.list(jdks) : Stream.empty()) {
            return Stream.concat(own, others.sorted())
                    .filter(home -> isOf(home, feature))
                    .map(home -> home.resolve("bin/java"))
                    .filter(Files::isExecutable)
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOf(Path home, int feature) {
        Path release = home.resolve("release");
        try {
            return Files.isRegularFile(release)
                    && Files.readString(release).contains("JAVA_VERSION=\"" + feature + ".");
        } catch (IOException e) {
            return false;
        }
    }
}
