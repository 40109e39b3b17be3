package cmek.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the builds left behind, and the JDKs of this machine.
 *
 * @param root the project's folder
 */
record Built(Path root) {

    /** What {@code pom.xml} states, which the build hands on to what it builds. */
    private static final String RUNNER = "cmek-onboarding-*-runner";

    Path target() {
        return root.resolve("target");
    }

    Path functions() {
        return jar(target());
    }

    Path service() {
        return jar(target().resolve("cloudrun"));
    }

    Path testClasses() {
        return target().resolve("cloudrun").resolve("test-classes");
    }

    /** Empty where no native executable was built. */
    Optional<Path> executable() {
        return newest(target().resolve("native"), RUNNER).filter(Files::isExecutable);
    }

    /** The command for people as a native executable; empty where none was built. */
    Optional<Path> nativeCommand() {
        return Optional.of(target().resolve("cli").resolve("cmek")).filter(Files::isExecutable);
    }

    private static Path jar(Path folder) {
        return newest(folder, RUNNER + ".jar")
                .orElseThrow(() -> new IllegalStateException("no jar in " + folder + ": build first"));
    }

    /** The newest of what builds of several versions left. */
    private static Optional<Path> newest(Path folder, String glob) {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
                files.forEach(found::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found.stream().max(Comparator.comparing(Built::lastModified));
    }

    private static FileTime lastModified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
