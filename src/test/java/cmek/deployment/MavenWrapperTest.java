package cmek.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Maven wrapper installs what was meant, with {@code unzip} and without: images that build the service lack it. */
class MavenWrapperTest {

    private static final String DISTRIBUTION = "apache-maven-3.9.11";

    /** All that the wrapper calls, besides a way to download and {@code unzip}. */
    private static final List<String> TOOLS = List.of(
            "basename",
            "cp",
            "dirname",
            "gzip",
            "ls",
            "mkdir",
            "mktemp",
            "mv",
            "rm",
            "sh",
            "sha256sum",
            "tar",
            "tr",
            "uname");

    @TempDir
    @SuppressWarnings("NullAway.Init") // Before each test.
    private Path folder;

    @BeforeEach
    void project() throws IOException, InterruptedException {
        for (String tool : TOOLS) {
            assumeTrue(isThere(tool), tool + " is not here: the wrapper was not run");
        }
        Files.createDirectories(folder.resolve("project/.mvn/wrapper"));
        Files.copy(Path.of("mvnw"), folder.resolve("project/mvnw"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectory(folder.resolve("bin"));
        for (String tool : TOOLS) {
            script("bin/" + tool, "#!/bin/sh", "exec " + path(tool) + " \"$@\"");
        }
        // "Downloads" the file of the same name that lies here.
        script("bin/wget", "#!/bin/sh", "for last; do :; done", "cp \"" + folder + "/central/${last##*/}\" \"$last\"");
        distributions();
    }

    @Test
    void bothDistributionsArePinned() throws IOException {
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(Path.of(".mvn/wrapper/maven-wrapper.properties"), UTF_8)) {
            properties.load(reader);
        }

        assertThat(properties.getProperty("distributionUrl")).endsWith("-bin.zip");
        assertThat(properties.getProperty("distributionSha256Sum")).matches("[0-9a-f]{64}");
        assertThat(properties.getProperty("distributionSha256SumTarGz"))
                .matches("[0-9a-f]{64}")
                .isNotEqualTo(properties.getProperty("distributionSha256Sum"));
    }

    @Test
    void withoutUnzipTheTarIsTakenAndComparedWithItsOwnChecksum() throws Exception {
        properties(sum("zip"), sum("tar.gz"));

        assertThat(wrapper()).isEqualTo("Maven from the tar.gz\n");
    }

    @Test
    void withUnzipTheZipIsTaken() throws Exception {
        script("bin/unzip", "#!/bin/sh", "for last; do :; done", "cp -R \"" + folder + "/unpacked/\"* \"$last\"");
        script("unpacked/" + DISTRIBUTION + "/bin/mvn", "#!/bin/sh", "echo Maven from the zip");
        properties(sum("zip"), sum("tar.gz"));

        assertThat(wrapper()).isEqualTo("Maven from the zip\n");
    }

    @Test
    void aTarWithAnotherChecksumIsNotInstalled() throws Exception {
        properties(sum("zip"), "0".repeat(64));

        assertThat(wrapper()).contains("Failed to validate Maven distribution SHA-256");
        assertThat(folder.resolve("home/wrapper/dists").resolve(DISTRIBUTION)).isEmptyDirectory();
    }

    @Test
    void aTarIsNeverTakenUnchecked() throws Exception {
        properties(sum("zip"), "");

        assertThat(wrapper()).contains("Failed to validate Maven distribution SHA-256");
    }

    private void properties(String zip, String tarGz) throws IOException {
        Files.writeString(folder.resolve("project/.mvn/wrapper/maven-wrapper.properties"), """
                # As the project's own file has it.
                distributionUrl=https://maven.invalid/org/apache/maven/apache-maven/3.9.11/%s-bin.zip
                distributionSha256Sum=%s
                distributionSha256SumTarGz=%s
                """.formatted(
                        DISTRIBUTION, zip, tarGz));
    }

    /** Two distributions whose {@code mvn} says where it is from. */
    private void distributions() throws IOException, InterruptedException {
        Path central = Files.createDirectory(folder.resolve("central"));
        // What is in it only unzip would need to know.
        Files.writeString(central.resolve(DISTRIBUTION + "-bin.zip"), "a zip");
        script("packed/" + DISTRIBUTION + "/bin/mvn", "#!/bin/sh", "echo Maven from the tar.gz");
        run(List.of(
                "tar",
                "czf",
                central.resolve(DISTRIBUTION + "-bin.tar.gz").toString(),
                "-C",
                folder.resolve("packed").toString(),
                DISTRIBUTION));
    }

    private String sum(String ending) throws IOException, NoSuchAlgorithmException {
        byte[] bytes = Files.readAllBytes(folder.resolve("central").resolve(DISTRIBUTION + "-bin." + ending));
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /** What the wrapper prints with an empty home, and with nothing on its path but the tools above. */
    private String wrapper() throws IOException, InterruptedException {
        return run(List.of(folder.resolve("project/mvnw").toString(), "--version"));
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        if (command.get(0).endsWith("mvnw")) {
            builder.environment().clear();
            builder.environment().put("PATH", folder.resolve("bin").toString());
            builder.environment().put("HOME", folder.toString());
            builder.environment().put("MAVEN_USER_HOME", folder.resolve("home").toString());
        }
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private void script(String name, String... lines) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(executable(file), String.join("\n", lines) + "\n");
    }

    private static Path executable(Path file) throws IOException {
        return Files.createFile(
                file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }

    private static boolean isThere(String tool) {
        return candidates(tool).stream().anyMatch(Files::isExecutable);
    }

    private static Path path(String tool) {
        return candidates(tool).stream().filter(Files::isExecutable).findFirst().orElseThrow();
    }

    private static List<Path> candidates(String tool) {
        return List.of(Path.of("/usr/bin", tool), Path.of("/bin", tool));
    }
}
